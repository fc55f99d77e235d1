import { copyBytes, ViewedBytes } from './byte-copy.js';
import { RecordTooLargeError } from './codec-errors.js';
import { EncodedBatch } from './encoded-batch.js';
import { BatchField } from './record-batch-layout.js';
import type { RecordSource } from './record-source.js';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.js';

/**
 * Largest batch in bytes, header included, before compression: 1 MiB, twelve bytes under the
 * broker's default max.message.bytes. A topic with a lower limit needs its own.
 */
export const DEFAULT_MAX_BATCH_BYTES = 1024 * 1024;
/** First size of the buffer in bytes: what a few hundred small predictions take. */
const INITIAL_BYTES = 64 * 1024;
/**
 * Lowest offset delta whose varint is longer than four bytes is far beyond a batch; this is the
 * bound kept for it.
 */
const MAX_OFFSET_DELTA_BYTES = 5;

const NO_BYTES = new Uint8Array(0);

export interface RecordBatchWriterOptions {
  readonly maxBatchBytes?: number;
}

interface OpenBatch {
  readonly start: number;
  recordCount: number;
  readonly baseTimestampMs: number;
  maxTimestampMs: number;
}

interface ClosedBatch extends OpenBatch {
  readonly end: number;
}

/**
 * Encodes records of one topic-partition into record batches in a single pass: each record's size
 * is computed from its lengths, so that its bytes are written once, to where they stay. A batch
 * that would grow over the limit is closed and the next one begun, as brokers refuse what is
 * larger. One writer serves one partition, round after round: `append`…, `finish`, send, `reset`.
 */
export class RecordBatchWriter {
  readonly maxBatchBytes: number;
  #cursor = { bytes: Buffer.allocUnsafe(INITIAL_BYTES), position: 0 };
  #closed: ClosedBatch[] = [];
  #open: OpenBatch | undefined;
  #recordCount = 0;
  readonly #target = new ViewedBytes(this.#cursor.bytes);
  readonly #source = new ViewedBytes(NO_BYTES);
  readonly #value = new ViewedBytes(NO_BYTES);

  constructor(options: RecordBatchWriterOptions = {}) {
    this.maxBatchBytes = options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES;
  }

  /** Records appended since the last reset. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /**
   * Adds one record: key, headers and time from `source`, and the first `valueLength` bytes of
   * `value`, so that the caller may use one scratch buffer for all values. A null value is a
   * tombstone.
   *
   * @throws RecordTooLargeError when the record alone is over the limit; the writer is as it was
   * before.
   */
  append(source: RecordSource, value: Uint8Array | null, valueLength = value?.length ?? -1): void {
    const fixed = fixedBytes(source, valueLength);
    const batch = this.#batchFor(source.timestampMs, fixed);
    const delta = source.timestampMs - batch.baseTimestampMs;
    const body = fixed + sizeOfVarlong(delta) + sizeOfVarint(batch.recordCount);
    this.#reserve(body + MAX_OFFSET_DELTA_BYTES);
    const cursor = this.#cursor;
    writeVarint(cursor, body);
    cursor.bytes[cursor.position++] = 0;
    writeVarlong(cursor, delta);
    writeVarint(cursor, batch.recordCount);
    writeVarint(cursor, source.keyLength);
    const from = this.#source.set(source.bytes);
    this.#copy(from, source.keyStart, source.keyStart + source.keyLength);
    writeVarint(cursor, valueLength);
    if (value !== null) this.#copy(this.#value.set(value), 0, valueLength);
    if (source.headersEnd === source.headersStart) cursor.bytes[cursor.position++] = 0;
    else this.#copy(from, source.headersStart, source.headersEnd);
    batch.recordCount++;
    this.#recordCount++;
    if (source.timestampMs > batch.maxTimestampMs) batch.maxTimestampMs = source.timestampMs;
  }

  /** Closes the last batch and returns all of them in order; none if nothing was appended. */
  finish(): EncodedBatch[] {
    this.#close();
    const { bytes } = this.#cursor;
    return this.#closed.map(
      (batch) =>
        new EncodedBatch(bytes.subarray(batch.start, batch.end), {
          recordCount: batch.recordCount,
          baseTimestampMs: batch.baseTimestampMs,
          maxTimestampMs: batch.maxTimestampMs,
        }),
    );
  }

  /** Forgets all records and makes the memory of the batches handed out free for the next ones. */
  reset(): void {
    this.#closed = [];
    this.#open = undefined;
    this.#recordCount = 0;
    this.#cursor.position = 0;
  }

  #batchFor(timestampMs: number, fixed: number): OpenBatch {
    const open = this.#open;
    if (open !== undefined) {
      const body =
        fixed + sizeOfVarlong(timestampMs - open.baseTimestampMs) + sizeOfVarint(open.recordCount);
      const end = this.#cursor.position + sizeOfVarint(body) + body;
      if (end - open.start <= this.maxBatchBytes) return open;
    }
    const alone = fixed + 2;
    const size = BatchField.RECORDS + sizeOfVarint(alone) + alone;
    if (size > this.maxBatchBytes) throw new RecordTooLargeError(size, this.maxBatchBytes);
    this.#close();
    return this.#begin(timestampMs);
  }

  #begin(timestampMs: number): OpenBatch {
    this.#reserve(BatchField.RECORDS);
    const batch: OpenBatch = {
      start: this.#cursor.position,
      recordCount: 0,
      baseTimestampMs: timestampMs,
      maxTimestampMs: timestampMs,
    };
    this.#cursor.position += BatchField.RECORDS;
    this.#open = batch;
    return batch;
  }

  #close(): void {
    if (this.#open === undefined) return;
    this.#closed.push({ ...this.#open, end: this.#cursor.position });
    this.#open = undefined;
  }

  #reserve(more: number): void {
    const { bytes, position } = this.#cursor;
    if (position + more <= bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (position + more));
    bytes.copy(larger, 0, 0, position);
    this.#cursor = { bytes: larger, position };
    this.#target.set(larger);
  }

  #copy(from: ViewedBytes, start: number, end: number): void {
    const cursor = this.#cursor;
    if (end <= start) return;
    const place = { to: this.#target, at: cursor.position };
    cursor.position = copyBytes(from, { start, end }, place);
  }
}

/**
 * Bytes of a record's body that do not depend on its place in a batch: attributes, key, value,
 * headers.
 */
function fixedBytes(source: RecordSource, valueLength: number): number {
  const key = Math.max(0, source.keyLength);
  const value = Math.max(0, valueLength);
  const headers = Math.max(1, source.headersEnd - source.headersStart);
  return 1 + sizeOfVarint(source.keyLength) + key + sizeOfVarint(valueLength) + value + headers;
}
