import type { Event } from '../domain/event.js';
import type { Writes } from '../domain/ports.js';
import type { State } from '../domain/state.js';
import type { Step } from '../domain/step.js';

/** Writes the outcome of a step, and answers its events as they were written. */
export async function writeStep(writes: Writes, { run, events }: Step): Promise<Event[]> {
  await writes.updateExecution(run.execution);
  if (isDone(run.execution)) await wish(writes, run.execution.taskId, run.execution.stateAt);
  const written: Event[] = [];
  for (const event of events) written.push(await writes.appendEvent(event));
  return written;
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
