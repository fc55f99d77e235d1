import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** How long a condition may take to come true. */
export interface EventuallyOptions {
  /** From the call on; the last try may end a little later. */
  readonly deadlineMs: number;
  /** What is waited for, in words, for the failure's message. */
  readonly what?: string;
}

/**
 * Calls `attempt` until it neither throws nor returns `undefined` or `false`, and returns what
 * it returned. At the deadline it rejects with the last failure as the cause.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  options: EventuallyOptions,
): Promise<Exclude<T, undefined | false>> {
  const giveUpAt = Date.now() + options.deadlineMs;
  for (;;) {
    const outcome = await settle(attempt);
    if (outcome.type === 'value') {
      return outcome.value;
    }
    if (Date.now() >= giveUpAt) {
      const what = options.what ?? 'the condition';
      const why = outcome.cause instanceof Error ? `: ${outcome.cause.message}` : '';
      const text = `${what} did not come true in ${options.deadlineMs} ms${why}`;
      throw new Error(text, { cause: outcome.cause });
    }
    await delay(POLL_MS);
  }
}

type Outcome<T> =
  | { readonly type: 'value'; readonly value: Exclude<T, undefined | false> }
  | { readonly type: 'not-yet'; readonly cause: unknown };

async function settle<T>(attempt: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await attempt();
    return isTrue(value) ? { type: 'value', value } : { type: 'not-yet', cause: undefined };
  } catch (cause) {
    return { type: 'not-yet', cause };
  }
}

function isTrue<T>(value: T): value is Exclude<T, undefined | false> {
  return value !== undefined && value !== false;
}
