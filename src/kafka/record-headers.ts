import type { RecordHeader } from '../domain/dead-letter.js';
import type { RecordSource } from './record-source.js';
import { type Cursor, MalformedRecordError, readVarint } from './varint.js';

/** The headers of a record in their order, names as often as they occur. */
export function readHeaders(record: RecordSource): RecordHeader[] {
  if (record.headersEnd === record.headersStart) return [];
  const cursor = { bytes: record.bytes, position: record.headersStart };
  const count = readVarint(cursor);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const name = sized(cursor, record.headersEnd) ?? Buffer.alloc(0);
    headers.push({ name: name.toString(), value: sized(cursor, record.headersEnd) });
  }
  return headers;
}

function sized(cursor: Cursor, end: number): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  const start = cursor.position;
  cursor.position += length;
  if (cursor.position > end) throw new MalformedRecordError('a header is cut off');
  return Buffer.from(cursor.bytes.subarray(start, cursor.position));
}
