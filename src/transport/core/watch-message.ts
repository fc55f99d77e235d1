import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import {
  type WatchTasksResponse,
  WatchTasksResponseSchema,
} from '../../../gen/ts/predictd/v1/task_service_pb.js';
import type { TaskView } from '../../service/views.js';
import type { WatchMessage } from '../../service/watch-tasks.js';
import { eventToMessage } from './execution-message.js';
import { taskToMessage } from './task-message.js';

/** Watches that show the same send the same message, which is encoded once. */
const responses = new WeakMap<WatchMessage, WatchTasksResponse>();

/** One message of a watch as it is sent. */
export function watchToMessage(message: WatchMessage): WatchTasksResponse {
  const known = responses.get(message);
  if (known) return known;
  const sequence = BigInt(message.sequence);
  const response = create(WatchTasksResponseSchema, { kind: kindOf(message), sequence });
  responses.set(message, response);
  return response;
}

type Kind = NonNullable<MessageInitShape<typeof WatchTasksResponseSchema>['kind']>;

function kindOf(message: WatchMessage): Kind {
  switch (message.type) {
    case 'snapshot':
      return { case: 'snapshot', value: sharedTask(message.view) };
    case 'snapshot-end':
      return { case: 'snapshotEnd', value: {} };
    case 'change': {
      const { view, event } = message;
      const task = view ? { task: sharedTask(view) } : {};
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

/** Watches that show the same view send the same message. */
const messages = new WeakMap<TaskView, Task>();

function sharedTask(view: TaskView): Task {
  const known = messages.get(view);
  if (known) return known;
  const message = taskToMessage(view);
  messages.set(view, message);
  return message;
}
