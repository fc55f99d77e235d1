import { limits } from '../domain/limits.js';
import { parseTaskName } from '../domain/names.js';
import type { Reads } from '../domain/ports.js';
import type { Task } from '../domain/task.js';
import { assertEtag } from '../domain/task-etag.js';
import type { Caller } from '../domain/user.js';
import { actorOf, findTask } from './access.js';
import { allowMissing } from './allow-missing.js';
import type { Room } from './deps.js';

export interface DeleteTaskRequest {
  readonly name: string;
  /** Ends a running execution at once. */
  readonly force?: boolean;
  readonly etag?: string;
  /** Makes it no error if there is no such task. */
  readonly allowMissing?: boolean;
}

/** Stops a task and deletes it with its executions. */
export function deleteTask(room: Room) {
  return async (caller: Caller, request: DeleteTaskRequest): Promise<void> => {
    const name = parseTaskName(request.name, 'name');
    const missing = { allowed: request.allowMissing, missing: 'TASK_NOT_FOUND' } as const;
    await allowMissing(missing, async () => {
      const { id } = await findTask(room.store, caller, name);
      // One at a time, so that the second of two calls finds what the first one left.
      await room.exclusive(`task ${id}`, async () => {
        const task = await findTask(room.store, caller, name);
        assertEtag(task, request.etag ?? '');
        const force = request.force ?? false;
        const uids = await loggedOf(room.store, task);
        await room.supervisor.remove(task, { actor: actorOf(caller), force });
        // Of a log that stays behind retention finds out that its execution is gone.
        for (const uid of uids) await room.logs.remove(uid).catch(() => undefined);
      });
    });
  };
}

/** Executions that may have a log: those that retention keeps it of, and as many again since it last looked. */
async function loggedOf(reads: Reads, { id }: Task): Promise<readonly string[]> {
  const executions = await reads.listExecutions(id, { limit: 2 * limits.logsPerTaskMax });
  return executions.map(({ uid }) => uid);
}
