import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TaskSchema } from '../../../gen/ts/kandasearch/v1/task_service_pb.js';
import { Faults } from '../../domain/faults.js';
import type { State } from '../../domain/state.js';
import type { CreateSingleRunRequest } from '../../service/create-single-run.js';
import type { RunKey, RunPlace, SingleRun } from '../../service/single-run.js';

/** KandaSearch's words for what a task does. */
export type Status = 'PENDING' | 'RUNNING' | 'ABORTED' | 'COMPLETED' | 'FAILED';

interface Ids {
  readonly projectId: string;
  readonly instanceSetId: string;
}

/** Which task is meant; INVALID_FIELD unless all ids are UUIDs. */
export function keyFromMessage({
  projectId,
  instanceSetId,
  taskId,
}: Ids & { readonly taskId: string }): RunKey {
  const faults = new Faults();
  const place = placeOf({ projectId, instanceSetId }, faults);
  const key = { ...place, uid: uuid(taskId, { faults, path: 'taskId' }) };
  faults.throwIfAny();
  return key;
}

/** What a task is to be made from, and where; INVALID_FIELD unless all ids are UUIDs. */
export function creationFromMessage({
  projectId,
  instanceSetId,
  targetId,
}: Ids & { readonly targetId: string }): CreateSingleRunRequest {
  const faults = new Faults();
  const place = placeOf({ projectId, instanceSetId }, faults);
  const request = { ...place, target: uuid(targetId, { faults, path: 'targetId' }) };
  faults.throwIfAny();
  return request;
}

/** A task as it is shown. */
export function taskToMessage(run: SingleRun): MessageInitShape<typeof TaskSchema> {
  const { task, execution, abandonedAt } = run;
  const status = statusOf(run);
  const startedAt = execution?.startedAt;
  const endedAt = execution?.endedAt ?? abandonedAt;
  return {
    id: task.uid,
    projectId: run.project,
    instanceSetId: run.group,
    targetId: run.target,
    date: dateText(task.createdAt),
    ...(startedAt === undefined ? {} : { startDate: dateText(startedAt) }),
    ...(endedAt === undefined ? {} : { endDate: dateText(endedAt) }),
    status,
    ...(status === 'FAILED' ? { error: errorOf(run) } : {}),
  };
}

/** UTC without a zone, since common readers of such dates stumble over a `Z`. */
export function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}

function placeOf({ projectId, instanceSetId }: Ids, faults: Faults): RunPlace {
  return {
    project: uuid(projectId, { faults, path: 'projectId' }),
    group: uuid(instanceSetId, { faults, path: 'instanceSetId' }),
  };
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function uuid(text: string, at: { readonly faults: Faults; readonly path: string }): string {
  if (!uuidPattern.test(text)) at.faults.add(at.path, 'INVALID_UUID', 'Give a UUID.');
  return text.toLowerCase();
}

function statusOf({ execution, abandonedAt }: SingleRun): Status {
  if (execution) return statuses[execution.state];
  return abandonedAt === undefined ? 'PENDING' : 'ABORTED';
}

const statuses: Readonly<Record<State, Status>> = {
  CREATED: 'PENDING',
  QUEUED: 'PENDING',
  STARTING: 'RUNNING',
  RUNNING: 'RUNNING',
  DEGRADED: 'RUNNING',
  RESTARTING: 'RUNNING',
  STOPPING: 'RUNNING',
  UNKNOWN: 'RUNNING',
  COMPLETED: 'COMPLETED',
  COMPLETED_WITH_WARNINGS: 'COMPLETED',
  CANCELLED: 'ABORTED',
  FAILED: 'FAILED',
};

function errorOf({ execution }: SingleRun): string {
  return execution?.lastError || execution?.message || 'The pipeline failed.';
}
