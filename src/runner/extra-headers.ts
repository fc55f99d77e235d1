import type { RecordSource } from '../kafka/record-source.js';
import { type Cursor, readVarint, sizeOfVarint, writeVarint } from '../kafka/varint.js';

const INITIAL_BYTES = 1024;
/** A varint of any header count. */
const COUNT_BYTES_MAX = 5;

/** Headers to be added to records, encoded once. */
export interface EncodedHeaders {
  readonly count: number;
  readonly bytes: Buffer;
}

/** Encodes headers as they stand in a record, without their count. */
export function encodeHeaders(headers: readonly (readonly [string, Buffer])[]): EncodedHeaders {
  const parts = headers.flatMap(([name, value]) => {
    const nameBytes = Buffer.from(name);
    return [varint(nameBytes.length), nameBytes, varint(value.length), value];
  });
  return { count: headers.length, bytes: Buffer.concat(parts) };
}

/**
 * A record's key and headers with more headers behind them. One object serves all records, one after another: a
 * writer copies what it reads at once.
 */
export class WithHeaders implements RecordSource {
  bytes: Uint8Array = Buffer.allocUnsafe(INITIAL_BYTES);
  keyStart = 0;
  keyLength = -1;
  headersStart = 0;
  headersEnd = 0;
  timestampMs = 0;
  /** The headers that stand at the beginning, for records without own ones. */
  #standing: EncodedHeaders | undefined;
  readonly #cursor: { bytes: Uint8Array; position: number } = { bytes: this.bytes, position: 0 };

  /** Becomes the record with the headers added, and with its own time unless another is given. */
  set(record: RecordSource, extra: EncodedHeaders, timestampMs = record.timestampMs): this {
    const keyLength = Math.max(0, record.keyLength);
    const ownLength = record.headersEnd - record.headersStart;
    this.#reserve(COUNT_BYTES_MAX + ownLength + extra.bytes.length + keyLength);
    const cursor = this.#cursor;
    // Most records have no headers: what was written for the last one of them then stands there already.
    const plain = ownLength <= 1;
    if (!plain || this.#standing !== extra) {
      cursor.position = 0;
      this.#headers(record, extra);
      this.headersEnd = cursor.position;
      this.#standing = plain ? extra : undefined;
    }
    cursor.position = this.headersEnd;
    this.keyStart = cursor.position;
    this.keyLength = record.keyLength;
    copy(cursor, record.bytes, record.keyStart, record.keyStart + keyLength);
    this.timestampMs = timestampMs;
    return this;
  }

  #headers(record: RecordSource, extra: EncodedHeaders): void {
    const cursor = this.#cursor;
    if (record.headersEnd === record.headersStart) {
      writeVarint(cursor, extra.count);
    } else {
      const own = { bytes: record.bytes, position: record.headersStart };
      writeVarint(cursor, readVarint(own) + extra.count);
      copy(cursor, record.bytes, own.position, record.headersEnd);
    }
    copy(cursor, extra.bytes, 0, extra.bytes.length);
  }

  #reserve(size: number): void {
    if (size <= this.bytes.length) return;
    this.bytes = Buffer.allocUnsafe(2 * size);
    this.#cursor.bytes = this.bytes;
    this.#standing = undefined;
  }
}

function copy(cursor: Cursor, from: Uint8Array, start: number, end: number): void {
  const { bytes } = cursor;
  let at = cursor.position;
  for (let i = start; i < end; i++) bytes[at++] = from[i] as number;
  cursor.position = at;
}

function varint(value: number): Buffer {
  const cursor = { bytes: Buffer.alloc(sizeOfVarint(value)), position: 0 };
  writeVarint(cursor, value);
  return cursor.bytes;
}
