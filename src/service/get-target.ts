import { parseTargetName } from '../domain/names.js';
import type { Reads } from '../domain/ports.js';
import { type Target, targetResourceName } from '../domain/target.js';
import type { Caller } from '../domain/user.js';
import { notFound } from './access.js';
import { showTarget } from './create-target.js';
import type { Room } from './deps.js';

/** Reads a target. */
export function getTarget(room: Room) {
  return async (_caller: Caller, { name }: { readonly name: string }): Promise<Target> =>
    showTarget(await findTarget(room.store, parseTargetName(name, 'name')));
}

/** The target of this name, with its secrets; TARGET_NOT_FOUND if there is none. */
export async function findTarget(reads: Pick<Reads, 'targetByName'>, name: string) {
  const target = await reads.targetByName(name);
  if (target) return target;
  throw notFound('TARGET_NOT_FOUND', 'target', targetResourceName({ name }));
}
