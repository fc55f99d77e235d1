import type { RecordSource } from '../kafka/record-source.js';
import { readVarint } from '../kafka/varint.js';

const headerName = Buffer.from('traceparent');

/** The `traceparent` header of a record, if it has one. */
export function recordTraceparent(record: RecordSource): string | undefined {
  if (record.headersEnd - record.headersStart <= 1) return undefined;
  const cursor = { bytes: record.bytes, position: record.headersStart };
  const count = readVarint(cursor);
  for (let i = 0; i < count; i++) {
    const nameLength = readVarint(cursor);
    const nameAt = cursor.position;
    cursor.position += Math.max(0, nameLength);
    const length = readVarint(cursor);
    const valueAt = cursor.position;
    cursor.position += Math.max(0, length);
    if (cursor.position > record.headersEnd) return undefined;
    if (nameLength !== headerName.length || length <= 0) continue;
    const name = record.bytes.subarray(nameAt, nameAt + nameLength);
    if (headerName.equals(name)) {
      return Buffer.from(record.bytes.subarray(valueAt, valueAt + length)).toString('latin1');
    }
  }
  return undefined;
}
