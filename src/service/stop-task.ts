import { DomainError } from '../domain/errors.js';
import { parseTaskName } from '../domain/names.js';
import { taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { actorOf, findTask } from './access.js';
import type { Room } from './deps.js';
import { type TaskView, viewTask } from './views.js';

export interface StopTaskRequest {
  readonly name: string;
  /** Ends the runner at once. */
  readonly force?: boolean;
  /** Number of the only execution that may be stopped. Absent: the task, whatever it does. */
  readonly execution?: number;
  /** When aborted, the call answers STOP_PENDING and the stop goes on. */
  readonly signal?: AbortSignal;
}

/** Stops the running execution and answers when it has ended. A stopped task stays stopped. */
export function stopTask(room: Room) {
  return async (caller: Caller, request: StopTaskRequest): Promise<TaskView> => {
    const task = await findTask(room.store, caller, parseTaskName(request.name, 'name'));
    const { execution, force = false } = request;
    const stopped = room.supervisor.stop(task, {
      actor: actorOf(caller),
      force,
      ...(execution === undefined ? {} : { execution }),
    });
    const resource = taskResourceName(task);
    const pending = () => new DomainError('STOP_PENDING', { metadata: { resource } });
    await orPending(stopped, request.signal, pending);
    return viewTask(room, (await room.store.taskById(task.id)) ?? task);
  };
}

/** Waits for `work`, or throws what `pending` makes as soon as the signal is aborted; the work goes on. */
async function orPending(
  work: Promise<void>,
  signal: AbortSignal | undefined,
  pending: () => DomainError,
): Promise<void> {
  if (!signal) return work;
  let stopListening = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    const onAbort = () => reject(pending());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}
