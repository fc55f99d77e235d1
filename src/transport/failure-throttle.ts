import { DomainError } from '../domain/errors.js';

/** Bounds of failed attempts to authenticate. */
export interface FailureBounds {
  readonly failuresMax: number;
  readonly windowMs: number;
  /** Accounts and addresses that are remembered; the oldest are forgotten first. */
  readonly keysMax: number;
}

/** Ten wrong passwords a minute are more than people mistype, and far too few to guess one. */
export const defaultFailureBounds: FailureBounds = {
  failuresMax: 10,
  windowMs: 60_000,
  keysMax: 10_000,
};

/** Counts failures by key in a sliding window. */
export class FailureThrottle {
  readonly #failures = new Map<string, number[]>();
  /** Guesses under way by key, each with how often it was made. */
  readonly #pending = new Map<string, Map<string, number>>();
  readonly #bounds: FailureBounds;
  readonly #now: () => number;

  constructor(now: () => number, bounds: FailureBounds = defaultFailureBounds) {
    this.#now = now;
    this.#bounds = bounds;
  }

  /** For how long the next attempt has to wait; 0: not at all. */
  retryAfterMs(key: string): number {
    const recent = this.#recent(key);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < this.#bounds.failuresMax) return 0;
    return Math.max(1, oldest + this.#bounds.windowMs - this.#now());
  }

  /**
   * Runs one attempt; undefined is a failure, and success forgets those before. TOO_MANY_FAILURES after too many of
   * them. Different guesses under way count as failures already, or many at once would all be tried; equal ones are
   * one, so that a client with the right password may begin with many calls.
   */
  async attempt<T>(
    { key, guess }: { readonly key: string; readonly guess: string },
    work: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    this.#assertAllowed(key, guess);
    const pending = this.#pending.get(key) ?? new Map<string, number>();
    this.#pending.set(key, pending.set(guess, (pending.get(guess) ?? 0) + 1));
    try {
      const success = await work();
      if (success === undefined) this.fail(key);
      else this.#failures.delete(key);
      return success;
    } finally {
      const left = (pending.get(guess) ?? 1) - 1;
      if (left > 0) pending.set(guess, left);
      else pending.delete(guess);
      if (pending.size === 0) this.#pending.delete(key);
    }
  }

  /** Counts a failure. */
  fail(key: string): void {
    const recent = [...this.#recent(key), this.#now()].slice(-this.#bounds.failuresMax);
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    const [eldest] = this.#failures.keys();
    if (this.#failures.size > this.#bounds.keysMax && eldest !== undefined) {
      this.#failures.delete(eldest);
    }
  }

  #assertAllowed(key: string, guess: string): void {
    const retryAfterMs = this.retryAfterMs(key);
    if (retryAfterMs > 0) throw tooManyFailures(retryAfterMs);
    const others = [...(this.#pending.get(key)?.keys() ?? [])].filter((one) => one !== guess);
    if (this.#recent(key).length + others.length >= this.#bounds.failuresMax) {
      throw tooManyFailures(pendingMs);
    }
  }

  #recent(key: string): readonly number[] {
    const since = this.#now() - this.#bounds.windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}

/** Guesses under way are decided by then. */
const pendingMs = 1_000;

/** What a caller is told who failed too often. */
export function tooManyFailures(retryAfterMs: number): DomainError {
  return new DomainError('TOO_MANY_FAILURES', { retryAfterMs });
}
