import type { Caller } from '../domain/user.js';
import { assertCredentialsStay } from './access.js';
import type { Room } from './deps.js';
import { assertStillUser } from './open-calls.js';

/** Streams an archive of everything that the service keeps. */
export function backup({ archive, calls, store }: Room) {
  return async function* (caller: Caller, _request: unknown): AsyncGenerator<Uint8Array> {
    const call = calls.open(caller.name);
    try {
      await assertCredentialsStay(store, caller);
      for await (const part of archive()) {
        // It holds every secret, so nothing more goes to who may have been sent away for a reason.
        assertStillUser(call);
        yield part;
      }
    } finally {
      call.close();
    }
  };
}
