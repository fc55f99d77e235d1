import { DomainError } from '../domain/errors.js';
import { freePlaces } from '../domain/fleet.js';
import type { StartRequest } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import type { Task } from '../domain/task.js';

/** What decides whether an execution may begin. */
export interface StartFacts {
  /** By task, all executions that have not ended. */
  readonly runs: ReadonlyMap<number, Run>;
  /** Tasks that are being deleted. */
  readonly removing: ReadonlySet<number>;
  readonly isDraining: boolean;
  readonly tasksMax: number;
}

/** Throws SHUTTING_DOWN, TASK_STOPPING, TASK_ALREADY_STARTED or TASKS_MAX_REACHED unless the task may start now. */
export function assertStartable(task: Task, request: StartRequest, facts: StartFacts): void {
  const { runs, removing, isDraining, tasksMax } = facts;
  if (isDraining) throw new DomainError('SHUTTING_DOWN');
  const metadata = { task: task.name };
  const run = runs.get(task.id);
  if (removing.has(task.id) || run?.execution.state === 'STOPPING') {
    throw new DomainError('TASK_STOPPING', { metadata });
  }
  if (run) throw new DomainError('TASK_ALREADY_STARTED', { metadata });
  if (request.whenFull === 'REFUSE' && freePlaces(runs.values(), tasksMax) === 0) {
    const message = `As many tasks run as the service allows (${tasksMax}). Stop one, or queue.`;
    throw new DomainError('TASKS_MAX_REACHED', { message, metadata: { max: String(tasksMax) } });
  }
}
