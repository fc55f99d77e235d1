import { Faults } from '../domain/faults.js';
import { parseUserName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { assertCredentialsStay, assertUserStays, findUser } from './access.js';
import {
  checkPassword,
  newCredentials,
  type ShownCredentials,
  sealCredentials,
  showOnce,
} from './credentials.js';
import type { Room } from './deps.js';
import type { Watchers } from './watchers.js';

export interface ResetCredentialsRequest {
  readonly name: string;
  /** Empty: a random one is made. */
  readonly password?: string;
}

/**
 * Gives a user new credentials, all at once: admins any, everybody themselves. Calls with the old ones end before the
 * answer, as those of a deleted user do.
 */
export function resetCredentials(
  { store, secrets, calls }: Pick<Room, 'store' | 'secrets' | 'calls'>,
  watchers: Watchers,
) {
  return async (caller: Caller, request: ResetCredentialsRequest): Promise<ShownCredentials> => {
    const { password: chosen = '' } = request;
    const user = await findUser(store, caller, read(request));
    const made = newCredentials(secrets, chosen);
    const kept = await sealCredentials(secrets, user.name, made);
    await store.write(async (writes) => {
      // Whoever has a stolen token must not win by having asked a moment before the owner did.
      await assertCredentialsStay(writes, caller);
      await assertUserStays(writes, user);
      await writes.updateCredentials(user.id, kept);
    });
    watchers.endAll(user.name);
    calls.endAll(user.name);
    return showOnce({ ...user, ...kept }, made, chosen);
  };
}

function read({ name, password = '' }: ResetCredentialsRequest): string {
  const faults = new Faults();
  const user = faults.try(() => parseUserName(name, 'name'));
  checkPassword(faults, password);
  faults.throwIfAny();
  return user ?? '';
}
