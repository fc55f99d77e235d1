import type { Reads } from '../../domain/ports.js';
import type { Caller } from '../../domain/user.js';
import { callerFrom } from '../caller.js';

/** Tokens that are given for a password and hold for a while. Nothing is kept of them. */
export interface SessionTokens {
  /** A token for this caller. */
  issue(caller: Caller): string;
  /** Whether a text looks like one of ours, right or wrong. */
  isOurs(token: string): boolean;
  /** Whose token it is, with the role as it is now; undefined if it is wrong or expired, or what it was given for has ended. */
  callerOf(token: string): Promise<Caller | undefined>;
}

export interface SessionTokenDeps {
  readonly store: Pick<Reads, 'userByTokenHash'>;
  /** Makes a text that nobody else can make or read. */
  readonly seal: (plaintext: string, context: string) => string;
  /** Throws if it was not sealed here, or changed. */
  readonly unseal: (sealed: string, context: string) => string;
  readonly now: () => number;
}

/** A working day with room on both sides. */
export const sessionMs = 12 * 3_600_000;

/**
 * Tokens that carry, sealed, until when they hold and which credentials of which user they were given for. They end with
 * those, survive restarts and need no table.
 */
export function createSessionTokens({ store, seal, unseal, now }: SessionTokenDeps): SessionTokens {
  return {
    issue({ credentials = '' }) {
      const content: Content = [now() + sessionMs, credentials];
      return prefix + seal(JSON.stringify(content), context);
    },
    isOurs: (token) => token.startsWith(prefix),
    async callerOf(token) {
      const content = read(() => unseal(token.slice(prefix.length), context));
      if (!content) return undefined;
      const [until, credentials] = content;
      if (now() >= until) return undefined;
      const user = await store.userByTokenHash(credentials);
      return user && callerFrom(user);
    },
  };
}

type Content = readonly [until: number, credentials: string];

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
