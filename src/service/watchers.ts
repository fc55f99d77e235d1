import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';

/** The open watches, counted. */
export class Watchers {
  readonly #open = new Map<string, Set<AbortController>>();
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

  /** Takes a place, TOO_MANY_WATCHERS if there is none. The signal says that the user is gone; call `close` after. */
  open(user: string): { readonly signal: AbortSignal; readonly close: () => void } {
    const mine = this.#open.get(user) ?? new Set();
    if (mine.size >= this.#perUserMax || this.#count >= this.#max) throw tooMany();
    const controller = new AbortController();
    this.#open.set(user, mine.add(controller));
    this.#count += 1;
    return { signal: controller.signal, close: () => this.#close(user, controller) };
  }

  /** Ends every watch of a user who is no more. */
  endAll(user: string): void {
    for (const controller of this.#open.get(user) ?? []) controller.abort();
  }

  #close(user: string, controller: AbortController): void {
    const mine = this.#open.get(user);
    if (!mine?.delete(controller)) return;
    this.#count -= 1;
    if (mine.size === 0) this.#open.delete(user);
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
