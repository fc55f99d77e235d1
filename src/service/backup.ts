import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';

/** Streams an archive of everything that the service keeps. */
export function backup({ archive }: Room) {
  return async function* (_caller: Caller, _request: unknown): AsyncGenerator<Uint8Array> {
    yield* archive();
  };
}
