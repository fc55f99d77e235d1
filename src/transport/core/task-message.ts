import { create } from '@bufbuild/protobuf';
import {
  type Condition as ConditionMessage,
  ConditionSchema,
  type Counters as CountersMessage,
  CountersSchema,
  type Latency,
  LatencySchema,
  type PartitionProgress as PartitionMessage,
  PartitionProgressSchema,
  type Task,
  TaskSchema,
  type TaskStatus as TaskStatusMessage,
  type Termination as TerminationMessage,
  TerminationSchema,
} from '../../../gen/ts/predictd/v1/task_pb.js';
import type { TaskDraft } from '../../domain/draft.js';
import type {
  Condition,
  Counters,
  PartitionProgress,
  Termination,
} from '../../domain/execution.js';
import { executionResourceName } from '../../domain/names.js';
import type { TaskStatus } from '../../domain/status.js';
import { taskEtag, taskResourceName } from '../../domain/task.js';
import type { TaskView } from '../../service/views.js';
import { conditionCodec, desiredCodec, stateCodec } from './enums.js';
import { modelsToMessage } from './models-message.js';
import { specFromMessage, specToMessage } from './spec-message.js';
import { duration, optionalTimestamp, said, saidMany, timestamp } from './values.js';

/** What a caller said of a task; fields that only the service sets are passed over. */
export function taskFromMessage(task: Task): TaskDraft {
  return {
    displayName: said(task.displayName),
    labels: saidMany(task.labels),
    spec: task.spec && specFromMessage(task.spec),
  };
}

/** A task as it is shown. */
export function taskToMessage({ task, status }: TaskView): Task {
  const name = taskResourceName(task);
  return create(TaskSchema, {
    name,
    uid: task.uid,
    id: BigInt(task.id),
    etag: taskEtag(task),
    generation: BigInt(task.generation),
    displayName: task.displayName,
    labels: task.labels,
    spec: specToMessage(task.spec),
    desiredState: desiredCodec.toProto(task.desired),
    status: statusToMessage(status, name),
    createTime: timestamp(task.createdAt),
    updateTime: timestamp(task.updatedAt),
  });
}

/** Counters as they are shown. */
export function countersToMessage({
  recordsIn,
  recordsOut,
  recordsDeadLettered,
  recordsSkipped,
}: Counters): CountersMessage {
  return create(CountersSchema, {
    recordsIn: BigInt(recordsIn),
    recordsOut: BigInt(recordsOut),
    recordsDeadLettered: BigInt(recordsDeadLettered),
    recordsSkipped: BigInt(recordsSkipped),
  });
}

/** Progress of a partition as it is shown. */
export function partitionToMessage(progress: PartitionProgress): PartitionMessage {
  const { partition, offset, endOffset, lag, oldestAt } = progress;
  return create(PartitionProgressSchema, {
    partition,
    offset: BigInt(offset),
    endOffset: BigInt(endOffset),
    lag: BigInt(lag),
    oldestRecordTime: optionalTimestamp(lag > 0 ? oldestAt : undefined),
  });
}

/** How a runner ended, as it is shown. */
export function terminationToMessage(termination: Termination): TerminationMessage {
  const { reason, message, exitCode, signal, at } = termination;
  return create(TerminationSchema, { reason, message, exitCode, signal, time: timestamp(at) });
}

/**
 * A whole message instead of what `create` makes one of: what is set field by field, and of so many fields, V8 keeps as
 * a dictionary, which is slow to make and slow to write.
 */
function statusToMessage(status: TaskStatus, task: string): TaskStatusMessage {
  const { latencyMs, lastTermination, executionNumber, scoring, shadow } = status;
  return {
    $typeName: 'predictd.v1.TaskStatus',
    state: stateCodec.toProto(status.state),
    reason: status.reason,
    message: status.message,
    stateTime: timestamp(status.stateAt),
    startTime: optionalTimestamp(status.startedAt),
    endTime: optionalTimestamp(status.endedAt),
    processIsAlive: status.processIsAlive,
    lastError: status.lastError,
    counters: countersToMessage(status.counters),
    lag: BigInt(status.lag),
    percentComplete: status.percentComplete,
    execution: executionNumber === undefined ? '' : executionResourceName(task, executionNumber),
    recordsPerSecond: status.recordsPerSecond,
    estimatedEndTime: optionalTimestamp(status.estimatedEndAt),
    partitions: status.partitions.map(partitionToMessage),
    batchLatency: latencyMs && latencyToMessage(latencyMs),
    processId: status.processId,
    memoryBytes: BigInt(status.memoryBytes),
    restartCount: status.restartCount,
    nextRestartTime: optionalTimestamp(status.nextRestartAt),
    lastTermination: lastTermination && terminationToMessage(lastTermination),
    conditions: status.conditions.map(conditionToMessage),
    modelSha256: status.modelSha256,
    models: scoring && modelsToMessage(scoring, shadow, task),
  };
}

function conditionToMessage(condition: Condition): ConditionMessage {
  return create(ConditionSchema, {
    type: condition.type,
    status: conditionCodec.toProto(condition.status),
    reason: condition.reason,
    message: condition.message,
    lastTransitionTime: timestamp(condition.since),
  });
}

function latencyToMessage({ p50, p95, p99 }: NonNullable<TaskStatus['latencyMs']>): Latency {
  return create(LatencySchema, { p50: duration(p50), p95: duration(p95), p99: duration(p99) });
}
