import { DomainError } from '../domain/errors.js';
import type { StartRequest } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import type { Task } from '../domain/task.js';

/** What decides whether an execution may begin. */
export interface StartFacts {
  /** The task's execution that has not ended. */
  readonly run: Run | undefined;
  readonly isBeingDeleted: boolean;
  readonly isDraining: boolean;
  readonly freePlaces: number;
  readonly tasksMax: number;
}

/** Throws SHUTTING_DOWN, TASK_STOPPING, TASK_ALREADY_STARTED or TASKS_MAX_REACHED unless the task may start now. */
export function assertStartable(task: Task, request: StartRequest, facts: StartFacts): void {
  const { run, isBeingDeleted, isDraining, freePlaces, tasksMax } = facts;
  if (isDraining) throw new DomainError('SHUTTING_DOWN');
  const metadata = { task: task.name };
  if (isBeingDeleted || run?.execution.state === 'STOPPING') {
    throw new DomainError('TASK_STOPPING', { metadata });
  }
  if (run) throw new DomainError('TASK_ALREADY_STARTED', { metadata });
  if (request.whenFull === 'REFUSE' && freePlaces <= 0) {
    const message = `As many tasks run as the service allows (${tasksMax}). Stop one, or queue.`;
    throw new DomainError('TASKS_MAX_REACHED', { message, metadata: { max: String(tasksMax) } });
  }
}
