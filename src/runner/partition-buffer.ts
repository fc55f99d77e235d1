import type { FetchedChunk, FetchTarget } from '../kafka/fetcher.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';

/** What makes a micro-batch. */
export interface TakeLimits {
  readonly maxRecords: number;
  /** How long the first record waits for others. */
  readonly maxWaitMs: number;
}

/** Records for one micro-batch. */
export interface Taken {
  readonly records: readonly SourceRecord[];
  /** Offset to commit with them: behind the last one, and behind what followed it unseen. */
  readonly nextOffset: number;
  /** Lets fetched memory that was used up be used again; none of the records may be looked at afterwards. */
  readonly release: () => void;
}

export interface PartitionBufferOptions {
  /** First offset to fetch. */
  readonly offset: number;
  /** Bounded executions: records from here on are not taken. */
  readonly endOffset?: number;
  /** Nothing more is fetched while so much waits. */
  readonly maxBytes: number;
  /** Called when there was nothing to read, or records came. */
  readonly onAnswer: () => void;
}

/** Fetched records of one partition that wait to be predicted. */
export class PartitionBuffer implements FetchTarget {
  readonly #options: PartitionBufferOptions;
  readonly #chunks: FetchedChunk[] = [];
  /** Records of the first chunk that were taken. */
  #head = 0;
  #count = 0;
  #bytes = 0;
  #waitingSince = 0;
  #position: number;
  #stableEnd = -1;
  #wake: (() => void) | undefined;
  #lost = false;

  constructor(options: PartitionBufferOptions) {
    this.#options = options;
    this.#position = options.offset;
  }

  get position(): number {
    return this.#position;
  }

  /** Records that wait. */
  get waiting(): number {
    return this.#count;
  }

  /** Own time of the oldest record that waits, in milliseconds since 1970. */
  get oldestAt(): number | undefined {
    let head = this.#head;
    for (const { records } of this.#chunks) {
      const record = records.at(head);
      if (record) return record.timestampMs;
      head = 0;
    }
    return undefined;
  }

  /** Offset behind the newest record that may be read; undefined until the first answer. */
  get stableEnd(): number | undefined {
    return this.#stableEnd < 0 ? undefined : this.#stableEnd;
  }

  /** Whether all up to the end of a bounded execution was fetched. */
  get reachedEnd(): boolean {
    const { endOffset } = this.#options;
    return endOffset !== undefined && this.#position >= endOffset;
  }

  /** Whether all that may be read was fetched. */
  get caughtUp(): boolean {
    return this.#stableEnd >= 0 && this.#position >= this.#stableEnd;
  }

  get isNew(): boolean {
    return this.#stableEnd < 0;
  }

  wantsMore(): boolean {
    return !this.#lost && this.#bytes < this.#options.maxBytes && !this.reachedEnd;
  }

  receive(chunk: FetchedChunk): void {
    const own = this.#trim(chunk);
    this.#stableEnd = chunk.stableEnd;
    if (own.records.length > 0 && this.#count === 0) this.#waitingSince = performance.now();
    if (own.nextOffset > this.#position) {
      this.#chunks.push(own);
      this.#bytes += own.byteLength;
      this.#count += own.records.length;
    }
    if (own.records.length === 0) own.release?.();
    this.#position = own.nextOffset;
    this.#mergeEmpty();
    this.#options.onAnswer();
    this.#wake?.();
  }

  outOfRange(): void {
    this.#lost = true;
    this.#wake?.();
  }

  /**
   * Waits for a micro-batch: full, or its first record waited long enough. Undefined when `signal` is aborted, or
   * when the end of a bounded execution is reached, or the offsets behind are gone, and nothing waits.
   */
  async take(limits: TakeLimits, signal: AbortSignal): Promise<Taken | undefined> {
    while (!signal.aborted) {
      if (this.#count === 0 && (this.reachedEnd || this.#lost)) return undefined;
      const waitMs = this.#waitMs(limits);
      if (waitMs <= 0) return this.#cut(limits.maxRecords);
      await this.#changed(waitMs, signal);
    }
    return undefined;
  }

  #waitMs({ maxRecords, maxWaitMs }: TakeLimits): number {
    if (this.#count === 0) return Number.POSITIVE_INFINITY;
    if (this.#count >= maxRecords || !this.wantsMore()) return 0;
    return this.#waitingSince + maxWaitMs - performance.now();
  }

  async #changed(waitMs: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(waitMs)) timer = setTimeout(resolve, Math.ceil(waitMs));
    });
    const wake = () => this.#wake?.();
    signal.addEventListener('abort', wake, { once: true });
    await changed;
    signal.removeEventListener('abort', wake);
    clearTimeout(timer);
    this.#wake = undefined;
  }

  #cut(maxRecords: number): Taken {
    const records: SourceRecord[] = [];
    const usedUp: FetchedChunk[] = [];
    let nextOffset = this.#position;
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const room = maxRecords - records.length;
      const left = chunk.records.length - this.#head;
      // Ended with the chunk before: the offset stays behind that one.
      if (room === 0 && left > 0) break;
      const taken = chunk.records.slice(this.#head, this.#head + room);
      for (const record of taken) records.push(record);
      if (left > room) {
        this.#head += room;
        nextOffset = offsetOf(records.at(-1) as SourceRecord) + 1;
        break;
      }
      nextOffset = chunk.nextOffset;
      this.#chunks.shift();
      usedUp.push(chunk);
      this.#bytes -= chunk.byteLength;
      this.#head = 0;
    }
    this.#count -= records.length;
    // What is left came later, at a time that was not kept; it has waited for this batch at least.
    this.#waitingSince = performance.now();
    const release = () => {
      for (const chunk of usedUp) chunk.release?.();
    };
    return { records, nextOffset, release };
  }

  /** A run of chunks without records, as after aborted transactions, is one. */
  #mergeEmpty(): void {
    const last = this.#chunks.at(-1);
    const before = this.#chunks.at(-2);
    if (!last || !before || last.records.length > 0) return;
    const byteLength = before.byteLength + last.byteLength;
    this.#chunks.splice(-2, 2, { ...before, byteLength, nextOffset: last.nextOffset });
  }

  #trim(chunk: FetchedChunk): FetchedChunk {
    const { endOffset } = this.#options;
    if (endOffset === undefined || chunk.nextOffset <= endOffset) return chunk;
    const records = chunk.records.slice().filter((record) => offsetOf(record) < endOffset);
    return { ...chunk, records, nextOffset: endOffset };
  }
}
