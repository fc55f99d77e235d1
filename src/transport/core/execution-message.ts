import { create } from '@bufbuild/protobuf';
import {
  type Event,
  EventSchema,
  type Execution,
} from '../../../gen/ts/predictd/v1/execution_pb.js';
import { TaskSpecSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import type * as domain from '../../domain/event.js';
import { totalLag } from '../../domain/execution.js';
import { executionResourceName } from '../../domain/names.js';
import type { ExecutionView } from '../../service/views.js';
import { severityCodec, stateCodec } from './enums.js';
import { specToMessage } from './spec-message.js';
import { countersToMessage, partitionToMessage, terminationToMessage } from './task-message.js';
import { optionalTimestamp, timestamp } from './values.js';

/** An execution as it is shown; a whole message, as `statusToMessage` makes one. */
export function executionToMessage({ execution, task }: ExecutionView): Execution {
  const { progress, termination } = execution;
  return {
    $typeName: 'predictd.v1.Execution',
    name: executionResourceName(task, execution.number),
    uid: execution.uid,
    id: BigInt(execution.id),
    number: BigInt(execution.number),
    state: stateCodec.toProto(execution.state),
    reason: execution.reason,
    message: execution.message,
    createTime: timestamp(execution.createdAt),
    startTime: optionalTimestamp(execution.startedAt),
    endTime: optionalTimestamp(execution.endedAt),
    lastError: execution.lastError,
    counters: countersToMessage(progress.counters),
    lag: BigInt(totalLag(progress)),
    percentComplete: execution.state === 'COMPLETED' ? 100 : progress.percentComplete,
    restartCount: execution.restartCount,
    lastTermination: termination && terminationToMessage(termination),
    epoch: BigInt(execution.epoch),
    partitions: progress.partitions.map(partitionToMessage),
    generation: BigInt(execution.generation),
    actor: execution.actor,
    spec: create(TaskSpecSchema, specToMessage(execution.spec)),
  };
}

/** A line of history as it is shown. */
export function eventToMessage(event: domain.Event): Event {
  const { executionNumber, fromState, toState } = event;
  return create(EventSchema, {
    sequence: BigInt(event.sequence),
    number: BigInt(event.number),
    task: event.task,
    execution:
      executionNumber === undefined ? '' : executionResourceName(event.task, executionNumber),
    time: timestamp(event.at),
    actor: event.actor,
    reason: event.reason,
    message: event.message,
    severity: severityCodec.toProto(event.severity),
    fromState: fromState === undefined ? 0 : stateCodec.toProto(fromState),
    toState: toState === undefined ? 0 : stateCodec.toProto(toState),
    epoch: BigInt(event.epoch),
  });
}
