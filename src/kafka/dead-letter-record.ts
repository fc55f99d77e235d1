import type { DeadLetter, RecordHeader } from '../domain/dead-letter.js';
import { limits } from '../domain/limits.js';
import { readHeaders } from './record-headers.js';
import { type RecordSource, recordSource } from './record-source.js';
import { offsetOf, type SourceRecord } from './source-record.js';
import { sizeOfVarint, writeVarint } from './varint.js';

/** Header that says which dead letter a record of the source topic was. */
export const replayedFromHeader = 'predictd-replayed-from';

const reasonHeader = 'predictd-error-reason';
const cutHeader = 'predictd-value-bytes';
/** What a runner writes behind a record's own headers. */
const ourHeaders: readonly string[] = [
  reasonHeader,
  'predictd-error-message',
  'predictd-source-topic',
  'predictd-source-partition',
  'predictd-source-offset',
  'predictd-source-timestamp',
  cutHeader,
];

/** A dead letter as it is in its topic; its bytes are copies. */
export interface DeadLetterRecord extends Omit<DeadLetter, 'isReplayed'> {
  /** The dead-letter topic could not hold all of the value. */
  readonly isCut: boolean;
}

/** Whether a runner wrote this record to a dead-letter topic. */
export function isDeadLetter(record: SourceRecord): boolean {
  return readHeaders(record).some(({ name }) => name === reasonHeader);
}

/** Takes a record of a dead-letter topic apart: what was the record's own, and what was said of it. */
export function readDeadLetter(record: SourceRecord, partition: number): DeadLetterRecord {
  const { own, facts } = divide(readHeaders(record));
  const value = bytesOf(record, record.valueStart, record.valueLength);
  const cutFrom = facts.get(cutHeader);
  const topic = facts.get('predictd-source-topic');
  const source = {
    topic: topic ?? '',
    partition: Number(facts.get('predictd-source-partition')),
    offset: Number(facts.get('predictd-source-offset')),
  };
  return {
    partition,
    offset: offsetOf(record),
    at: record.timestampMs,
    key: bytesOf(record, record.keyStart, record.keyLength),
    value: value?.subarray(0, limits.deadLetterValueBytesMax) ?? null,
    valueBytes: cutFrom === undefined ? (value?.length ?? 0) : Number(cutFrom),
    headers: own,
    reason: facts.get(reasonHeader) ?? '',
    message: facts.get('predictd-error-message') ?? '',
    isCut: cutFrom !== undefined,
    ...(topic === undefined || !Number.isInteger(source.offset) ? {} : { source }),
  };
}

/** The record as it was in the source topic, with one more header that says which dead letter it was. */
export function replayOf(record: SourceRecord, topic: string, partition: number): RecordSource {
  const { own } = divide(readHeaders(record));
  const from = Buffer.from(`${topic}/${partition}/${offsetOf(record)}`);
  const kept = own.filter(({ name }) => name !== replayedFromHeader);
  const headers = encode([...kept, { name: replayedFromHeader, value: from }]);
  const key = bytesOf(record, record.keyStart, record.keyLength);
  const plain = recordSource({ key, timestampMs: record.timestampMs });
  const bytes = Buffer.concat([plain.bytes, headers]);
  return { ...plain, bytes, headersStart: plain.bytes.length, headersEnd: bytes.length };
}

/** The value of a record; null if it has none. */
export function recordValue({ bytes, valueStart, valueLength }: SourceRecord): Uint8Array | null {
  return valueLength < 0 ? null : bytes.subarray(valueStart, valueStart + valueLength);
}

/** A record may have had headers of our names before it became a dead letter; ours are the last, one of each name. */
function divide(headers: readonly RecordHeader[]) {
  const facts = new Map<string, string>();
  let end = headers.length;
  for (; end > 0; end--) {
    const header = headers[end - 1];
    if (!header || !ourHeaders.includes(header.name) || facts.has(header.name)) break;
    facts.set(header.name, Buffer.from(header.value ?? []).toString());
  }
  return { own: headers.slice(0, end), facts };
}

function bytesOf({ bytes }: SourceRecord, start: number, length: number): Buffer | null {
  return length < 0 ? null : Buffer.from(bytes.subarray(start, start + length));
}

function encode(headers: readonly RecordHeader[]): Buffer {
  const parts = [varint(headers.length)];
  for (const { name, value } of headers) {
    const nameBytes = Buffer.from(name);
    parts.push(varint(nameBytes.length), nameBytes);
    parts.push(value === null ? varint(-1) : varint(value.length));
    if (value !== null) parts.push(Buffer.from(value));
  }
  return Buffer.concat(parts);
}

function varint(value: number): Buffer {
  const cursor = { bytes: Buffer.alloc(sizeOfVarint(value)), position: 0 };
  writeVarint(cursor, value);
  return cursor.bytes;
}
