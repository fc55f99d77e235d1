import { parseTargetName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';
import { findTarget } from './get-target.js';

/** Deletes a target. The tasks that were made from it stay. */
export function deleteTarget(room: Room) {
  return async (_caller: Caller, request: { readonly name: string }): Promise<void> => {
    const name = parseTargetName(request.name, 'name');
    await room.store.write(async (writes) => {
      const { id } = await findTarget(writes, name);
      await writes.deleteTarget(id);
    });
  };
}
