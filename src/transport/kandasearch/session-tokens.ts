import type { Reads } from '../../domain/ports.js';
import type { Caller } from '../../domain/user.js';

/** Tokens that are given for a password and hold for a while. Nothing is kept of them. */
export interface SessionTokens {
  /** A token for this caller. */
  issue(caller: Caller): Promise<string>;
  /** Whether a text looks like one of ours, right or wrong. */
  isOurs(token: string): boolean;
  /** Whose token it is, with the role as it is now; undefined if it is wrong, expired, or its user is gone. */
  callerOf(token: string): Promise<Caller | undefined>;
}

export interface SessionTokenDeps {
  readonly store: Pick<Reads, 'userByName'>;
  /** Makes a text that nobody else can make or read. */
  readonly seal: (plaintext: string, context: string) => string;
  /** Throws if it was not sealed here, or changed. */
  readonly unseal: (sealed: string, context: string) => string;
  readonly now: () => number;
}

/** A working day with room on both sides. */
export const sessionMs = 12 * 3_600_000;

/** Tokens that carry, sealed, who they are of and until when; they survive restarts and need no table. */
export function createSessionTokens({ store, seal, unseal, now }: SessionTokenDeps): SessionTokens {
  return {
    async issue({ name }) {
      const user = await store.userByName(name);
      const content: Content = [user?.id ?? 0, name, now() + sessionMs];
      return prefix + seal(JSON.stringify(content), context);
    },
    isOurs: (token) => token.startsWith(prefix),
    async callerOf(token) {
      const content = read(() => unseal(token.slice(prefix.length), context));
      if (!content) return undefined;
      const [id, name, until] = content;
      if (now() >= until) return undefined;
      const user = await store.userByName(name);
      // Somebody else may have got the name since.
      if (user?.id !== id) return undefined;
      const { role, projects } = user;
      return { name, role, projects };
    },
  };
}

type Content = readonly [userId: number, name: string, until: number];

/** For scanners of secrets, as the core's tokens have theirs. */
const prefix = 'pdk_';
const context = 'kandasearch session token';

function read(unsealed: () => string): Content | undefined {
  try {
    // Sealed by nobody but us, so that its shape is known.
    return JSON.parse(unsealed()) as Content;
  } catch {
    return undefined;
  }
}
