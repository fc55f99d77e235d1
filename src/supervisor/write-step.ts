import type { Event } from '../domain/event.js';
import type { Writes } from '../domain/ports.js';
import type { State } from '../domain/state.js';
import type { Step } from '../domain/step-input.js';
import { keepScoring } from './change-models.js';

/** Writes the outcome of a step, and answers its events as they were written. */
export async function writeStep(
  writes: Writes,
  { run, events, scoring }: Step,
  now: number,
): Promise<Event[]> {
  await writes.updateExecution(run.execution);
  if (isDone(run.execution)) await wish(writes, run.execution.taskId, run.execution.stateAt);
  if (scoring) await keepScoring(writes, run.execution.taskId, { scoring, now });
  const written: Event[] = [];
  for (const event of events) written.push(await writes.appendEvent(event));
  return written;
}

/** Deletes a task with its executions, and tells of it. */
export async function deleteTask(
  writes: Writes,
  told: Pick<Event, 'taskId' | 'at' | 'actor'>,
): Promise<Event> {
  const message = 'The task was deleted.';
  const draft = { ...told, reason: 'DELETED', message, severity: 'INFO', epoch: 0 } as const;
  const event = await writes.appendEvent(draft);
  await writes.deleteTask(told.taskId);
  return event;
}

/** Notes that the task should not run. */
export async function wish(writes: Writes, taskId: number, now: number): Promise<void> {
  const task = await writes.taskById(taskId);
  if (task?.desired !== 'STARTED') return;
  await writes.updateTask({ ...task, desired: 'STOPPED', updatedAt: now });
}

/** Whether nobody wants the task to run any more: what failed is still wanted. */
function isDone({ state }: { readonly state: State }): boolean {
  return state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS' || state === 'CANCELLED';
}
