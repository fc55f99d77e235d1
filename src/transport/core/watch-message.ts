import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type WatchTasksResponse,
  WatchTasksResponseSchema,
} from '../../../gen/ts/predictd/v1/task_service_pb.js';
import type { WatchMessage } from '../../service/watch-tasks.js';
import { eventToMessage } from './execution-message.js';
import { taskToMessage } from './task-message.js';

/** One message of a watch as it is sent. */
export function watchToMessage(message: WatchMessage): WatchTasksResponse {
  const sequence = BigInt(message.sequence);
  return create(WatchTasksResponseSchema, { kind: kindOf(message), sequence });
}

type Kind = NonNullable<MessageInitShape<typeof WatchTasksResponseSchema>['kind']>;

function kindOf(message: WatchMessage): Kind {
  switch (message.type) {
    case 'snapshot':
      return { case: 'snapshot', value: taskToMessage(message.view) };
    case 'snapshot-end':
      return { case: 'snapshotEnd', value: {} };
    case 'change': {
      const { view, event } = message;
      const task = view ? { task: taskToMessage(view) } : {};
      return {
        case: 'change',
        value: { ...task, ...(event ? { event: eventToMessage(event) } : {}) },
      };
    }
    case 'deleted':
      return { case: 'deleted', value: message.name };
    case 'heartbeat':
      return { case: 'heartbeat', value: {} };
    case 'resync':
      return { case: 'resync', value: {} };
  }
}
