import type { SourceRecord } from '../kafka/source-record.js';
import { RowsRefusedError } from '../predict/predict-rows.js';

/** A record of a file, and where it stands, for people. */
export interface FileRecord {
  readonly record: SourceRecord;
  /** Such as `file 1, line 3`. */
  readonly place: string;
}

/** An array has to be parsed as a whole, which takes many times its size; lines have no such limit. */
const ARRAY_BYTES_MAX = 16 * 1024 * 1024;
const NEWLINE = 0x0a;
const OPEN_BRACKET = 0x5b;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The records of a file: one JSON value a line, where empty lines do not count, or one array of them. What is no JSON
 * is told when it is scored; only an array that cannot be read throws RowsRefusedError. `number` counts files from 1.
 */
export function recordsOfFile(file: Buffer, number: number): FileRecord[] {
  const hasMark = file.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const bytes = hasMark ? file.subarray(BYTE_ORDER_MARK.length) : file;
  const start = bytes.findIndex((byte) => !isSpace(byte));
  if (start < 0) return [];
  const isArray = bytes[start] === OPEN_BRACKET;
  return isArray ? recordsOfArray(bytes, number) : recordsOfLines(bytes, number);
}

function recordsOfLines(bytes: Buffer, number: number): FileRecord[] {
  const records: FileRecord[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    line++;
    if (!isBlank(bytes, start, end)) {
      records.push({ record: recordOf(bytes, start, end), place: `file ${number}, line ${line}` });
    }
    start = end + 1;
  }
  return records;
}

function recordsOfArray(bytes: Buffer, number: number): FileRecord[] {
  const field = `file ${number}`;
  if (bytes.length > ARRAY_BYTES_MAX) {
    const description = `${field}: An array may have ${ARRAY_BYTES_MAX} bytes. Write one record a line instead.`;
    throw new RowsRefusedError([{ field, reason: 'TOO_LONG', description }]);
  }
  return rowsOf(bytes, field).map((row, index) => {
    const value = Buffer.from(JSON.stringify(row));
    return { record: recordOf(value, 0, value.length), place: `${field}, record ${index + 1}` };
  });
}

function rowsOf(bytes: Buffer, field: string): readonly unknown[] {
  try {
    const rows: unknown = JSON.parse(bytes.toString('utf8'));
    if (Array.isArray(rows)) return rows;
  } catch {
    // The sentence below covers it.
  }
  const description = `${field}: It is neither a JSON array nor one JSON record a line.`;
  throw new RowsRefusedError([{ field, reason: 'NOT_JSON', description }]);
}

function recordOf(bytes: Buffer, valueStart: number, end: number): SourceRecord {
  const facts = { keyStart: 0, keyLength: -1, headersStart: 0, headersEnd: 0, timestampMs: 0 };
  return { bytes, ...facts, valueStart, valueLength: end - valueStart };
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(bytes[at])) return false;
  return true;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
