import { parseTargetName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { allowMissing } from './allow-missing.js';
import type { Room } from './deps.js';
import { findTarget } from './get-target.js';

export interface DeleteTargetRequest {
  readonly name: string;
  /** Makes it no error if there is no such target. */
  readonly allowMissing?: boolean;
}

/** Deletes a target. The tasks that were made from it stay. */
export function deleteTarget(room: Room) {
  return async (_caller: Caller, request: DeleteTargetRequest): Promise<void> => {
    const name = parseTargetName(request.name, 'name');
    const missing = { allowed: request.allowMissing, missing: 'TARGET_NOT_FOUND' } as const;
    await allowMissing(missing, () =>
      room.store.write(async (writes) => {
        const { id } = await findTarget(writes, name);
        await writes.deleteTarget(id);
      }),
    );
  };
}
