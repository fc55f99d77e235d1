import { randomUUID } from 'node:crypto';
import { DomainError } from '../domain/errors.js';
import type { Event, EventDraft } from '../domain/event.js';
import { type Execution, noProgress, waitingReason, waitsForTurn } from '../domain/execution.js';
import type { StartRequest, Writes } from '../domain/ports.js';
import type { Scoring } from '../domain/scoring.js';
import { scoringOf, type Task, type TaskSpec } from '../domain/task.js';

/** A task to start; the spec is absent if it runs what it says itself. */
export interface StartPlace {
  readonly task: Task;
  readonly spec: TaskSpec | undefined;
}

/** An execution as it was written, with the event that tells of it. */
export interface StartedExecution {
  readonly task: Task;
  readonly execution: Execution;
  readonly event: Event;
}

interface Begin {
  readonly request: StartRequest;
  readonly now: number;
  /** Whether a place is free, for the words of the event. */
  readonly free: boolean;
}

/** Writes executions that wait for a place, each but the first one also for the one before it. */
export async function insertExecutions(
  writes: Writes,
  places: readonly StartPlace[],
  begin: Begin,
): Promise<readonly StartedExecution[]> {
  const made: StartedExecution[] = [];
  for (const place of places) {
    made.push(await insertExecution(writes, place, { ...begin, after: made.at(-1)?.execution }));
  }
  return made;
}

async function insertExecution(
  writes: Writes,
  { task, spec }: StartPlace,
  { request, now, free, after }: Begin & { readonly after: Execution | undefined },
): Promise<StartedExecution> {
  const fresh = await writes.taskById(task.id);
  if (!fresh) throw new DomainError('TASK_NOT_FOUND', { metadata: { task: task.name } });
  const before = await writes.newestExecution(task.id);
  const id = await writes.nextId();
  const definition = spec ? { ...fresh, spec, generation: task.generation } : fresh;
  const scoring = await scoringAtStart(writes, definition);
  const made = { id, uid: randomUUID(), before, after, request, now, scoring };
  const execution = newExecution(definition, made);
  await writes.insertExecution(execution);
  await writes.updateTask({
    ...fresh,
    ...(scoring && !spec ? { scoring } : {}),
    desired: 'STARTED',
    updatedAt: now,
  });
  const event = await writes.appendEvent(startEvent(execution, free));
  if (request.answer) await writes.rememberAnswer({ ...request.answer, resourceId: id, at: now });
  return { task, execution, event };
}

interface Made {
  readonly id: number;
  readonly uid: string;
  /** The newest execution of the task so far. */
  readonly before: Execution | undefined;
  /** The execution of another task that has to complete first. */
  readonly after: Execution | undefined;
  readonly request: StartRequest;
  readonly now: number;
  readonly scoring: Scoring | undefined;
}

function newExecution(
  task: Task,
  { id, uid, before, after, request, now, scoring }: Made,
): Execution {
  return {
    id,
    uid,
    taskId: task.id,
    number: (before?.number ?? 0) + 1,
    state: 'QUEUED',
    ...(after ? waiting(after) : { reason: 'QUEUED', message: 'It waits for a place.' }),
    stateAt: now,
    epoch: 0,
    generation: task.generation,
    spec: task.spec,
    actor: request.actor,
    createdAt: now,
    lastError: '',
    restartCount: 0,
    restartsInRow: 0,
    progress: noProgress,
    ...(scoring ? { scoring } : {}),
    ...continued(before, after),
  };
}

/** The models that it begins with, with the bytes that their names stand for now. */
async function scoringAtStart(writes: Writes, task: Task): Promise<Scoring | undefined> {
  const scoring = scoringOf(task);
  if (!scoring) return undefined;
  const { name } = scoring.active;
  const sha256 = (await writes.modelByName(task.user, name))?.sha256 ?? '';
  return { ...scoring, active: { name, sha256 } };
}

function waiting({ id }: Execution): Pick<Execution, 'reason' | 'message'> {
  return { reason: waitingReason, message: `It waits until execution ${id} has completed.` };
}

function continued(
  before: Execution | undefined,
  after: Execution | undefined,
): Pick<Execution, 'continues'> {
  if (after) return { continues: after.id };
  return before && before.state !== 'COMPLETED' ? { continues: before.id } : {};
}

/** Tells that an execution was asked for. */
function startEvent(execution: Execution, free: boolean): EventDraft {
  const waits = waitsForTurn(execution);
  const started = free ? 'It was started.' : 'It was started, and waits for a place.';
  return {
    taskId: execution.taskId,
    executionNumber: execution.number,
    at: execution.createdAt,
    actor: execution.actor,
    reason: waits ? waitingReason : free ? 'START_REQUESTED' : 'QUEUED',
    message: waits ? execution.message : started,
    severity: 'INFO',
    toState: execution.state,
    epoch: 0,
  };
}
