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

  /** Counts a failure. It is counted before the attempt is decided, so that many at once are counted too. */
  fail(key: string): void {
    const recent = [...this.#recent(key), this.#now()].slice(-this.#bounds.failuresMax);
    this.#failures.delete(key);
    this.#failures.set(key, recent);
    const [eldest] = this.#failures.keys();
    if (this.#failures.size > this.#bounds.keysMax && eldest !== undefined) {
      this.#failures.delete(eldest);
    }
  }

  /** Forgets the failures of a key. */
  succeed(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string): readonly number[] {
    const since = this.#now() - this.#bounds.windowMs;
    return (this.#failures.get(key) ?? []).filter((at) => at > since);
  }
}
