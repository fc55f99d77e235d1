import { setTimeout as delay } from 'node:timers/promises';
import { PredictorUnreachableError } from './errors.js';

/** Makes calls of a remote predictor. */
export interface RemoteCalls {
  /**
   * Answers what `attempt` does. One that fails with PredictorUnreachableError is made again until it does not; any other
   * error is handed on. Rejects when `signal` is aborted.
   */
  run<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export interface CallGuardOptions {
  /** Told when the circuit opens and each time it stays open, with why; and without trouble when it is closed again. */
  readonly onTrouble: (trouble: { readonly message: string } | undefined) => void;
  /** 0 to 1. */
  readonly random?: () => number;
}

/** So many failures in a row are no accident: the circuit opens. */
const FAILURES_MAX = 4;
/** Between attempts while the circuit is closed; doubled each time. */
const RETRY_MS = 100;
/** Between probes while it is open: doubled from the first to the second. */
const OPEN_MS = 1_000;
const OPEN_MS_MAX = 30_000;
/** What a server may ask for at most. */
const RETRY_AFTER_MS_MAX = 120_000;

/**
 * A circuit breaker that waits: whoever predicts in order can do nothing else meanwhile. Closed, it tries again soon; after
 * some failures in a row it is open, and lets a single call through now and then, until one succeeds.
 */
export class CallGuard implements RemoteCalls {
  readonly #options: CallGuardOptions;
  #failures = 0;

  constructor(options: CallGuardOptions) {
    this.#options = options;
  }

  async run<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (;;) {
      signal?.throwIfAborted();
      try {
        const result = await attempt();
        this.#answered();
        return result;
      } catch (error) {
        if (!(error instanceof PredictorUnreachableError)) {
          // A refusal is an answer too.
          this.#answered();
          throw error;
        }
        const waitMs = Math.max(
          this.#failed(error),
          Math.min(error.retryAfterMs, RETRY_AFTER_MS_MAX),
        );
        await delay(waitMs, undefined, { ...(signal ? { signal } : {}) });
      }
    }
  }

  #answered(): void {
    const wasOpen = this.#failures >= FAILURES_MAX;
    this.#failures = 0;
    if (wasOpen) this.#options.onTrouble(undefined);
  }

  /** Answers how long to wait. */
  #failed({ message }: Error): number {
    this.#failures += 1;
    const { onTrouble, random = Math.random } = this.#options;
    const openFor = this.#failures - FAILURES_MAX;
    // Half of it is jitter, so that many tasks do not come back at the same moment.
    const jitter = 0.5 + random() / 2;
    if (openFor < 0) return RETRY_MS * 2 ** (this.#failures - 1) * jitter;
    onTrouble({ message });
    return Math.min(OPEN_MS_MAX, OPEN_MS * 2 ** Math.min(openFor, 10)) * jitter;
  }
}
