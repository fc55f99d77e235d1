import { type Cursor, sizeOfVarint, writeVarint } from './varint.js';

/**
 * Key, headers and time of a record, as ranges of bytes. A record that was fetched is its own
 * source, so that keys and headers go from the input to the output as one copy, never as objects.
 */
export interface RecordSource {
  readonly bytes: Uint8Array;
  readonly keyStart: number;
  /** -1 for a null key. */
  readonly keyLength: number;
  /**
   * From the header count to behind the last header, encoded as in a record; an empty range is no
   * headers.
   */
  readonly headersStart: number;
  readonly headersEnd: number;
  /** Milliseconds since 1970. */
  readonly timestampMs: number;
}

/** A record's headers as kafkajs writes them: text or bytes, several under one name as an array. */
export type HeaderValue = Uint8Array | string | null | undefined;
export type Headers = Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** Key, headers and time of a record that has not been fetched. */
export interface RecordFacts {
  readonly key?: Uint8Array | string | null | undefined;
  readonly headers?: Headers | undefined;
  readonly timestampMs: number;
}

const NO_BYTES = Buffer.alloc(0);

/** Builds the ranges for a record that has not been fetched, or whose headers change on the way. */
export function recordSource(facts: RecordFacts): RecordSource {
  const key = facts.key == null ? NO_BYTES : toBytes(facts.key);
  const headers = facts.headers === undefined ? NO_BYTES : encodeHeaders(facts.headers);
  const bytes = headers.length === 0 ? key : Buffer.concat([key, headers]);
  return {
    bytes,
    keyStart: 0,
    keyLength: facts.key == null ? -1 : key.length,
    headersStart: key.length,
    headersEnd: key.length + headers.length,
    timestampMs: facts.timestampMs,
  };
}

function encodeHeaders(headers: Headers): Buffer {
  const entries: [Buffer, Buffer | null][] = [];
  for (const [name, values] of Object.entries(headers)) {
    for (const value of isList(values) ? values : [values]) {
      entries.push([Buffer.from(name), value == null ? null : toBytes(value)]);
    }
  }
  if (entries.length === 0) return NO_BYTES;
  let size = sizeOfVarint(entries.length);
  for (const [name, value] of entries) size += sizedLength(name) + sizedLength(value);
  const cursor = { bytes: Buffer.allocUnsafe(size), position: 0 };
  writeVarint(cursor, entries.length);
  for (const [name, value] of entries) {
    writeSized(cursor, name);
    writeSized(cursor, value);
  }
  return cursor.bytes;
}

function isList(values: Headers[string]): values is readonly HeaderValue[] {
  return Array.isArray(values);
}

function sizedLength(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function writeSized(cursor: Cursor, bytes: Uint8Array | null): void {
  if (bytes === null) {
    writeVarint(cursor, -1);
    return;
  }
  writeVarint(cursor, bytes.length);
  cursor.bytes.set(bytes, cursor.position);
  cursor.position += bytes.length;
}

function toBytes(value: Uint8Array | string): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
