import type { LogLine } from '../domain/execution-log.js';

/** Lines that wait for one reader. A slow one loses the older half of what waits, so that it is never far behind. */
export class LogInbox {
  readonly #max: number;
  #lines: LogLine[] = [];
  #next = 0;
  #hasEnded = false;
  #wake = () => {};

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether no more lines come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  put(line: LogLine): void {
    if (this.#lines.length - this.#next >= this.#max) this.#next += Math.ceil(this.#max / 2);
    if (this.#next > this.#max) this.#compact();
    this.#lines.push(line);
    this.#wake();
  }

  end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  take(): LogLine | undefined {
    const line = this.#lines[this.#next];
    if (line) this.#next += 1;
    else this.#compact();
    return line;
  }

  /** Waits for a line, the end, or a signal; answers true if there was none of them in time. */
  async wait(ms: number, signals: readonly AbortSignal[]): Promise<boolean> {
    const isReady = this.#hasEnded || this.#next < this.#lines.length;
    if (isReady || signals.some(({ aborted }) => aborted)) return false;
    const isSilent = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(true), ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(false);
      };
      for (const signal of signals) signal.addEventListener('abort', this.#wake, { once: true });
    });
    for (const signal of signals) signal.removeEventListener('abort', this.#wake);
    this.#wake = () => {};
    return isSilent;
  }

  #compact(): void {
    this.#lines = this.#lines.slice(this.#next);
    this.#next = 0;
  }
}
