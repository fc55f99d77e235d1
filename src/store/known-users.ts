import type { Reads } from '../domain/ports.js';
import type { User } from '../domain/user.js';

type UserLookups = Pick<Reads, 'userByName' | 'userByTokenHash'>;

/** Found users in memory, so that a call does not wait for a thread and the disk to learn who calls. */
export interface KnownUsers extends UserLookups {
  /** To be called when a write that may have changed users has ended, before it is acknowledged. */
  forget(): void;
}

/** Far more than call at the same time; beyond it the first that was found is read again. */
const usersMax = 1_000;

/**
 * Keeps users that `reads` found; whoever is not there is looked for each time. It is exact because one process writes:
 * `forget` drops what is kept, and what was being read meanwhile is read again.
 */
export function createKnownUsers(reads: UserLookups): KnownUsers {
  const byName = new Map<string, User>();
  const byTokenHash = new Map<string, User>();
  let generation = 0;

  const lookUp = async (
    known: Map<string, User>,
    key: string,
    read: (key: string) => Promise<User | undefined>,
  ): Promise<User | undefined> => {
    const found = known.get(key);
    if (found) return found;
    for (;;) {
      const begun = generation;
      const user = await read(key);
      if (begun !== generation) continue;
      if (user) keep(known, key, user);
      return user;
    }
  };
  return {
    userByName: (name) => lookUp(byName, name, reads.userByName),
    userByTokenHash: (hash) => lookUp(byTokenHash, hash, reads.userByTokenHash),
    forget() {
      generation += 1;
      byName.clear();
      byTokenHash.clear();
    },
  };
}

function keep(known: Map<string, User>, key: string, user: User): void {
  if (known.size >= usersMax) {
    const [first = key] = known.keys();
    known.delete(first);
  }
  known.set(key, user);
}
