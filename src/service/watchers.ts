import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import { type OpenCall, OpenCalls } from './open-calls.js';

/** The open watches, counted. */
export class Watchers {
  readonly #calls = new OpenCalls();
  readonly #perUserMax: number;
  readonly #max: number;
  #count = 0;

  constructor(bounds: { readonly perUserMax?: number; readonly max?: number } = {}) {
    this.#perUserMax = bounds.perUserMax ?? limits.watchersPerUserMax;
    this.#max = bounds.max ?? limits.watchersMax;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place, TOO_MANY_WATCHERS if there is none. It is to be closed once. */
  open(user: string): OpenCall {
    if (this.#calls.countOf(user) >= this.#perUserMax || this.#count >= this.#max) throw tooMany();
    const { signal, close } = this.#calls.open(user);
    this.#count += 1;
    return {
      signal,
      close: () => {
        close();
        this.#count -= 1;
      },
    };
  }

  /** Ends every watch of a user who is no more, or has other credentials now. */
  endAll(user: string): void {
    this.#calls.endAll(user);
  }
}

/** Long enough for some of those who watch to leave. */
const retryMs = 10_000;

function tooMany(): DomainError {
  return new DomainError('TOO_MANY_WATCHERS', {
    message: 'Too many watches are open. Close one, or watch all tasks at once.',
    retryAfterMs: retryMs,
  });
}
