import { DomainError } from '../domain/errors.js';
import { parseUserName, userResourceName } from '../domain/names.js';
import type { Reads, Writes } from '../domain/ports.js';
import type { Caller, User } from '../domain/user.js';
import { findUser } from './access.js';
import { allowMissing } from './allow-missing.js';
import type { Room } from './deps.js';
import type { Watchers } from './watchers.js';

export interface DeleteUserRequest {
  readonly name: string;
  /** Makes it no error if there is no such user. */
  readonly allowMissing?: boolean;
}

/** Deletes a user who has nothing left; calls with their credentials end at once, open watches and uploads included. */
export function deleteUser(room: Room, watchers: Watchers) {
  return async (caller: Caller, request: DeleteUserRequest): Promise<void> => {
    const named = parseUserName(request.name, 'name');
    const missing = { allowed: request.allowMissing, missing: 'USER_NOT_FOUND' } as const;
    await allowMissing(missing, async () => {
      const name = await room.store.write(async (writes) => {
        const user = await findUser(writes, caller, named);
        await assertEmpty(writes, user);
        if (user.role === 'ADMIN' && !(await hasOtherAdmin(writes, user))) {
          throw new DomainError('LAST_ADMIN', {
            metadata: { resource: userResourceName(user.name) },
          });
        }
        await writes.deleteUser(user.name);
        return user.name;
      });
      watchers.endAll(name);
      room.calls.endAll(name);
    });
  };
}

async function assertEmpty(writes: Writes, { name }: User): Promise<void> {
  const tasks = await writes.countTasks(name);
  const models = await writes.countModels(name);
  const targets = await writes.countTargets(name);
  if (tasks + models + targets === 0) return;
  const resource = userResourceName(name);
  throw new DomainError('USER_IN_USE', {
    message: `"${resource}" still has ${tasks} tasks, ${models} models and ${targets} targets. Delete them first.`,
    metadata: {
      resource,
      tasks: String(tasks),
      models: String(models),
      targets: String(targets),
    },
  });
}

const pageRows = 200;

async function hasOtherAdmin(reads: Reads, user: User): Promise<boolean> {
  let after: string | undefined;
  for (;;) {
    const page: User[] = await reads.listUsers({
      limit: pageRows,
      ...(after === undefined ? {} : { after }),
    });
    if (page.some(({ role, name }) => role === 'ADMIN' && name !== user.name)) return true;
    if (page.length < pageRows) return false;
    after = page.at(-1)?.name;
  }
}
