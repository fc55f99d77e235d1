import type { EventDraft } from '../domain/event.js';
import { type Execution, noProgress } from '../domain/execution.js';
import type { StartRequest } from '../domain/ports.js';
import type { Task } from '../domain/task.js';

interface Made {
  readonly id: number;
  readonly uid: string;
  /** The newest execution of the task so far. */
  readonly before: Execution | undefined;
  readonly request: StartRequest;
  readonly now: number;
}

/** An execution that waits for a place. */
export function newExecution(task: Task, { id, uid, before, request, now }: Made): Execution {
  return {
    id,
    uid,
    taskId: task.id,
    number: (before?.number ?? 0) + 1,
    state: 'QUEUED',
    reason: 'QUEUED',
    message: 'It waits for a place.',
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
    ...(before && before.state !== 'COMPLETED' ? { continues: before.id } : {}),
  };
}

/** Tells that an execution was asked for. */
export function startEvent(execution: Execution, placeFree: boolean): EventDraft {
  return {
    taskId: execution.taskId,
    executionNumber: execution.number,
    at: execution.createdAt,
    actor: execution.actor,
    reason: placeFree ? 'START_REQUESTED' : 'QUEUED',
    message: placeFree ? 'It was started.' : 'It was started, and waits for a place.',
    severity: 'INFO',
    toState: execution.state,
    epoch: 0,
  };
}
