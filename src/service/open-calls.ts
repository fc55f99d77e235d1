import { DomainError } from '../domain/errors.js';

/** A call that goes on for long. The signal says that its caller's credentials have ended; call `close` after it. */
export interface OpenCall {
  readonly signal: AbortSignal;
  readonly close: () => void;
}

/** Calls that go on for long, by their callers: they end with the callers' credentials. */
export class OpenCalls {
  readonly #open = new Map<string, Set<AbortController>>();

  countOf(user: string): number {
    return this.#open.get(user)?.size ?? 0;
  }

  open(user: string): OpenCall {
    const mine = this.#open.get(user) ?? new Set();
    const controller = new AbortController();
    this.#open.set(user, mine.add(controller));
    return { signal: controller.signal, close: () => this.#close(user, controller) };
  }

  /** Ends every call of a user who is no more, or has other credentials now. */
  endAll(user: string): void {
    for (const controller of this.#open.get(user) ?? []) controller.abort();
  }

  #close(user: string, controller: AbortController): void {
    const mine = this.#open.get(user);
    mine?.delete(controller);
    if (mine?.size === 0) this.#open.delete(user);
  }
}

/** Throws UNAUTHENTICATED if the caller's credentials have ended. */
export function assertStillUser({ signal }: OpenCall): void {
  if (signal.aborted) throw new DomainError('UNAUTHENTICATED');
}
