/** Of the newest batch in what batches usually take: one that was slow is forgotten after a few. */
const NEWEST_SHARE = 0.25;

/**
 * How long the first record of a micro-batch waits for others: no longer than batches lately took from being taken to being committed.
 * So much piles up anyway while a batch is under way; waiting more would save few transactions and delay all records.
 */
export class BatchWait {
  readonly #mostMs: number;
  #ms: number;

  /** Begins with the most that a task allows. */
  constructor(mostMs: number) {
    this.#mostMs = mostMs;
    this.#ms = mostMs;
  }

  get ms(): number {
    return this.#ms;
  }

  /** A batch took so long. */
  took(batchMs: number): void {
    const usual = this.#ms + (batchMs - this.#ms) * NEWEST_SHARE;
    this.#ms = Math.min(this.#mostMs, usual);
  }
}
