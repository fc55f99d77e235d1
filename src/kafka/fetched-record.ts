import { BatchAttribute, BatchField } from './record-batch-layout.js';
import type { RecordSource } from './record-source.js';
import {
  type Cursor,
  MalformedRecordError,
  readVarint,
  readVarlong,
  readVarlongNumber,
  skipVarlong,
} from './varint.js';

/** The header of one fetched record batch, read once and shared by its records. */
export class BatchHeader {
  readonly baseOffset: bigint;
  readonly baseTimestampMs: bigint;
  readonly maxTimestampMs: bigint;
  readonly attributes: number;
  readonly lastOffsetDelta: number;
  readonly leaderEpoch: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
  /** Exact up to 2^53, which real times never reach. */
  readonly approximateBaseTimestampMs: number;
  /** The base offset as a number while it is exact, -1 when it is not. */
  readonly safeBaseOffset: number;

  constructor(batch: Buffer) {
    this.baseOffset = batch.readBigInt64BE(BatchField.BASE_OFFSET);
    this.leaderEpoch = batch.readInt32BE(BatchField.LEADER_EPOCH);
    this.attributes = batch.readInt16BE(BatchField.ATTRIBUTES);
    this.lastOffsetDelta = batch.readInt32BE(BatchField.LAST_OFFSET_DELTA);
    this.baseTimestampMs = batch.readBigInt64BE(BatchField.BASE_TIMESTAMP);
    this.approximateBaseTimestampMs = Number(this.baseTimestampMs);
    this.maxTimestampMs = batch.readBigInt64BE(BatchField.MAX_TIMESTAMP);
    this.producerId = batch.readBigInt64BE(BatchField.PRODUCER_ID);
    this.producerEpoch = batch.readInt16BE(BatchField.PRODUCER_EPOCH);
    this.baseSequence = batch.readInt32BE(BatchField.BASE_SEQUENCE);
    this.recordCount = batch.readInt32BE(BatchField.RECORD_COUNT);
    const base = Number(this.baseOffset);
    this.safeBaseOffset = base >= 0 && base < Number.MAX_SAFE_INTEGER - 2 ** 31 ? base : -1;
  }

  get lastOffset(): bigint {
    return this.baseOffset + BigInt(this.lastOffsetDelta);
  }

  get isControl(): boolean {
    return (this.attributes & BatchAttribute.CONTROL) !== 0;
  }

  get isTransactional(): boolean {
    return (this.attributes & BatchAttribute.TRANSACTIONAL) !== 0;
  }

  get isLogAppendTime(): boolean {
    return (this.attributes & BatchAttribute.LOG_APPEND_TIME) !== 0;
  }
}

/**
 * One fetched record: where its parts stand in the batch's bytes. It has the fields of a kafkajs
 * message, as getters of the prototype that make a Buffer or a string only when asked, and is a
 * `RecordSource`, so that key and headers can be copied to the output untouched. It keeps the
 * fetched bytes alive; whoever stores records for long copies what is needed.
 */
export class FetchedRecord implements RecordSource {
  readonly batch: BatchHeader;
  readonly bytes: Buffer;
  readonly attributes: number;
  readonly offsetDelta: number;
  readonly #timeStart: number;
  readonly keyStart: number;
  readonly keyLength: number;
  readonly valueStart: number;
  /** -1 for a null value. */
  readonly valueLength: number;
  readonly headersStart: number;
  readonly headersEnd: number;

  /** Reads the record's frame at the cursor, and leaves the cursor behind the record. */
  constructor(batch: BatchHeader, cursor: Cursor & { readonly bytes: Buffer }) {
    this.batch = batch;
    this.bytes = cursor.bytes;
    const size = readVarint(cursor);
    const end = cursor.position + size;
    if (size < 0 || end > cursor.bytes.length)
      throw new MalformedRecordError('a record is cut off');
    this.attributes = cursor.bytes[cursor.position++] ?? 0;
    this.#timeStart = cursor.position;
    skipVarlong(cursor);
    this.offsetDelta = readVarint(cursor);
    this.keyLength = readVarint(cursor);
    this.keyStart = cursor.position;
    if (this.keyLength > 0) cursor.position += this.keyLength;
    // A length far out of range must not reach the array, where it would read as undefined bytes.
    if (cursor.position >= end) throw new MalformedRecordError("a record's key is cut off");
    this.valueLength = readVarint(cursor);
    this.valueStart = cursor.position;
    if (this.valueLength > 0) cursor.position += this.valueLength;
    this.headersStart = cursor.position;
    this.headersEnd = end;
    if (cursor.position >= end) throw new MalformedRecordError("a record's value is cut off");
    cursor.position = end;
  }

  get magicByte(): number {
    return 2;
  }

  get key(): Buffer | null {
    return this.keyLength < 0
      ? null
      : this.bytes.subarray(this.keyStart, this.keyStart + this.keyLength);
  }

  get value(): Buffer | null {
    return this.valueLength < 0
      ? null
      : this.bytes.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  get offset(): string {
    const base = this.batch.safeBaseOffset;
    return base < 0
      ? String(this.batch.baseOffset + BigInt(this.offsetDelta))
      : String(base + this.offsetDelta);
  }

  get timestamp(): string {
    return String(this.#exactTimestamp());
  }

  get timestampMs(): number {
    const { batch } = this;
    if (batch.isLogAppendTime) return Number(batch.maxTimestampMs);
    const cursor = { bytes: this.bytes, position: this.#timeStart };
    return batch.approximateBaseTimestampMs + readVarlongNumber(cursor);
  }

  /**
   * As kafkajs gives them: a name's single value, or an array when the name occurs more than once.
   */
  get headers(): Record<string, Buffer | null | (Buffer | null)[]> {
    const merged = new Map<string, Buffer | null | (Buffer | null)[]>();
    for (const [name, value] of this.#headerEntries()) {
      const before = merged.get(name);
      if (before === undefined) merged.set(name, value);
      else merged.set(name, Array.isArray(before) ? [...before, value] : [before, value]);
    }
    return Object.fromEntries(merged);
  }

  get isControlRecord(): boolean {
    return this.batch.isControl;
  }

  /** The batch's header in kafkajs's words, for code written against kafkajs's own decoder. */
  get batchContext(): Record<string, unknown> {
    const { batch } = this;
    return {
      firstOffset: String(batch.baseOffset),
      firstTimestamp: String(batch.baseTimestampMs),
      partitionLeaderEpoch: batch.leaderEpoch,
      inTransaction: batch.isTransactional,
      isControlBatch: batch.isControl,
      lastOffsetDelta: batch.lastOffsetDelta,
      producerId: String(batch.producerId),
      producerEpoch: batch.producerEpoch,
      firstSequence: batch.baseSequence,
      maxTimestamp: String(batch.maxTimestampMs),
      timestampType: batch.isLogAppendTime ? 1 : 0,
      magicByte: 2,
    };
  }

  #exactTimestamp(): bigint {
    if (this.batch.isLogAppendTime) return this.batch.maxTimestampMs;
    const cursor = { bytes: this.bytes, position: this.#timeStart };
    return BigInt.asIntN(64, this.batch.baseTimestampMs + readVarlong(cursor));
  }

  #headerEntries(): [string, Buffer | null][] {
    const cursor = { bytes: this.bytes, position: this.headersStart };
    const count = readVarint(cursor);
    const entries: [string, Buffer | null][] = [];
    for (let i = 0; i < count; i++) {
      const name = this.#sized(cursor) ?? Buffer.alloc(0);
      entries.push([name.toString('utf8'), this.#sized(cursor)]);
    }
    return entries;
  }

  #sized(cursor: Cursor): Buffer | null {
    const length = readVarint(cursor);
    if (length < 0) return null;
    const start = cursor.position;
    cursor.position += length;
    if (cursor.position > this.headersEnd) throw new MalformedRecordError('a header is cut off');
    return this.bytes.subarray(start, cursor.position);
  }
}
