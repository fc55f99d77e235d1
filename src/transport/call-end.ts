import { Code, ConnectError, type ContextKey, createContextKey } from '@connectrpc/connect';

/**
 * When a call ends before it is answered: its caller leaves, its time is up, or the server shuts
 * down. Making an AbortSignal and listening to it costs more than routing a call, so there is one
 * only for a call that looks at it.
 */
export class CallEnd {
  /** Where OpenCalls keeps it. */
  place = -1;
  readonly #waiting: ((reason: ConnectError) => void)[] = [];
  #reason: ConnectError | undefined;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endsAt: number | undefined;

  /** Why the call has ended; undefined while it runs. */
  get reason(): ConnectError | undefined {
    return this.#reason;
  }

  /** Aborts when the call ends. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Time that is left until the deadline; undefined without one. */
  readonly timeoutMs = (): number | undefined =>
    this.#endsAt === undefined ? undefined : this.#endsAt - Date.now();

  /** Sets the deadline, at most once. */
  startClock(timeoutMs: number): void {
    this.#endsAt = Date.now() + timeoutMs;
    const late = () => this.end(new ConnectError('the operation timed out', Code.DeadlineExceeded));
    if (timeoutMs > 0) this.#timer = setTimeout(late, timeoutMs);
    else late();
  }

  /** Ends the call; only the first reason counts. Also to be called when it was answered. */
  end(reason: ConnectError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    clearTimeout(this.#timer);
    this.#controller?.abort(reason);
    for (const tell of this.#waiting.splice(0)) tell(reason);
  }

  /**
   * Settles as `work` does, or rejects as soon as the call ends for a reason that `counts`. The work
   * is then left to itself and its late failure is nobody's.
   */
  race<T>(work: Promise<T>, counts: (reason: ConnectError) => boolean = () => true): Promise<T> {
    return new Promise((resolve, reject) => {
      const tell = (reason: ConnectError) => {
        if (counts(reason)) reject(reason);
      };
      if (this.#reason === undefined) this.#waiting.push(tell);
      else tell(this.#reason);
      work.then(
        (value) => {
          this.#forget(tell);
          resolve(value);
        },
        (reason) => {
          this.#forget(tell);
          reject(reason);
        },
      );
    });
  }

  #forget(tell: (reason: ConnectError) => void): void {
    const at = this.#waiting.lastIndexOf(tell);
    if (at < 0) return;
    // The call is raced from the inside out, so it is nearly always the last.
    if (at === this.#waiting.length - 1) this.#waiting.pop();
    else this.#waiting.splice(at, 1);
  }
}

/** Where an object keeps the end from which `withSignal` takes its signal. */
export const ownEnd: unique symbol = Symbol('the end of the call');

/**
 * Gives an object the signal of its call, made when it is first read; a copy of the object has it too. There is one
 * getter for all: an object literal with a getter would give each object a shape of its own.
 */
export function withSignal<T extends { readonly [ownEnd]: CallEnd }>(
  target: T,
): T & { readonly signal: AbortSignal } {
  return Object.defineProperty(target, 'signal', signal) as T & { readonly signal: AbortSignal };
}

const signal: PropertyDescriptor & ThisType<{ readonly [ownEnd]: CallEnd }> = {
  enumerable: true,
  get() {
    return this[ownEnd].signal;
  },
};

/** The calls under way. */
export class OpenCalls {
  /**
   * Whoever leaves is replaced by the last. A Set that lives long is rebuilt every few calls, and what it leaves behind
   * keeps garbage alive through many collections.
   */
  readonly #ends: CallEnd[] = [];

  add(end: CallEnd): void {
    end.place = this.#ends.length;
    this.#ends.push(end);
  }

  /** To be called once for each that was added. */
  remove(end: CallEnd): void {
    const last = this.#ends.pop();
    if (last === undefined || last === end) return;
    this.#ends[end.place] = last;
    last.place = end.place;
  }

  endAll(reason: ConnectError): void {
    for (const end of [...this.#ends]) end.end(reason);
  }
}

/** A unary call that has begun is let finish when the server drains: its effect is about to happen. */
export function endsUnary(reason: ConnectError): boolean {
  return reason.code !== Code.Unavailable;
}

/** Where interceptors find the end of a call without a signal being made; undefined where only a signal tells. */
export const callEndKey: ContextKey<CallEnd | undefined> = createContextKey<CallEnd | undefined>(
  undefined,
  { description: 'end of the call' },
);
