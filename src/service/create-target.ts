import { randomUUID } from 'node:crypto';
import type { TaskDraft } from '../domain/draft.js';
import { DomainError } from '../domain/errors.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { maskSpec } from '../domain/mask-secrets.js';
import { meAlias, parseUserName, resourceIdFault, userResourceName } from '../domain/names.js';
import type { Writes } from '../domain/ports.js';
import { type Target, targetResourceName } from '../domain/target.js';
import type { Caller, User } from '../domain/user.js';
import type { Definition } from '../domain/validate-task.js';
import { assertUserStays, findUser } from './access.js';
import { checkDefinition } from './check-definition.js';
import type { Room } from './deps.js';

export interface CreateTargetRequest {
  readonly targetId: string;
  /** `users/{user}`; empty: the caller. */
  readonly owner?: string;
  readonly target: TaskDraft | undefined;
}

/** Makes a target, which is checked as a task of its owner would be. */
export function createTarget(room: Room) {
  return async (caller: Caller, request: CreateTargetRequest): Promise<Target> => {
    const { targetId: name } = request;
    const { owner, definition } = await read(room, caller, request);
    const user = owner.name;
    const target = await room.store.write(async (writes) => {
      await assertUserStays(writes, owner);
      await assertFree(writes, { name, user });
      const made: Target = {
        id: await writes.nextId(),
        uid: randomUUID(),
        name,
        user,
        ...definition,
        createdAt: room.clock.now(),
      };
      await writes.insertTarget(made);
      return made;
    });
    return showTarget(target);
  };
}

/** A target as it may be shown, without secrets. */
export function showTarget(target: Target): Target {
  return { ...target, spec: maskSpec(target.spec) };
}

interface Wanted {
  readonly owner: Pick<User, 'id' | 'name'>;
  readonly definition: Definition;
}

async function read(room: Room, caller: Caller, request: CreateTargetRequest): Promise<Wanted> {
  const faults = new Faults();
  faults.take(resourceIdFault('target_id', request.targetId));
  const owner = request.owner || userResourceName(meAlias);
  const named = faults.try(() => parseUserName(owner, 'target.owner'));
  const user = named === undefined ? undefined : await findUser(room.store, caller, named);
  if (!request.target) faults.add('target', 'REQUIRED', 'Give the target.');
  const draft = request.target ?? {};
  const definition = await checkDefinition(room, draft, {
    path: 'target',
    user: user?.name,
    faults,
  });
  faults.throwIfAny();
  return { owner: user ?? { id: 0, name: '' }, definition };
}

async function assertFree(writes: Writes, { name, user }: Pick<Target, 'name' | 'user'>) {
  if (await writes.targetByName(name)) {
    const resource = targetResourceName({ name });
    throw new DomainError('TARGET_EXISTS', {
      message: `There is a target "${resource}" already. Choose another name, or delete it first.`,
      metadata: { resource },
    });
  }
  if ((await writes.countTargets(user)) < limits.targetsPerUserMax) return;
  throw new DomainError('QUOTA_EXCEEDED', {
    message: `users/${user} has ${limits.targetsPerUserMax} targets, the most there may be. Delete one.`,
    metadata: { quota: 'targets_per_user', max: String(limits.targetsPerUserMax) },
  });
}
