import { RecordTooLargeError } from '../kafka/codec-errors.js';
import type { RecordBatchWriter } from '../kafka/record-batch-writer.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';
import type { BadRecord } from '../predict/bad-record.js';
import { encodeHeaders, WithHeaders } from './extra-headers.js';

/** Where bad records of one source partition go. */
export interface DeadLetterPlace {
  readonly topic: string;
  readonly partition: number;
}

/** Header values stay readable; a message may quote a record. */
const MESSAGE_CHARS_MAX = 1_000;
/** Room for key, headers and frame of a record whose value alone is cut. */
const FRAME_BYTES = 16 * 1024;

const source = new WithHeaders();

/**
 * Writes a bad record as it came, raw value and headers, with the cause and its place in the source in more headers. A value
 * that no batch of the dead-letter topic can hold is cut, which one more header says.
 */
export function writeDeadLetter(
  writer: RecordBatchWriter,
  record: SourceRecord,
  about: {
    readonly why: BadRecord;
    readonly place: DeadLetterPlace;
    /** The time that it gets. */
    readonly timestampMs: number;
  },
): void {
  const facts = headersOf(record, about.why, about.place);
  const { valueStart, valueLength, bytes } = record;
  const value = valueLength < 0 ? null : bytes.subarray(valueStart, valueStart + valueLength);
  try {
    writer.append(source.set(record, encodeHeaders(facts), about.timestampMs), value);
  } catch (error) {
    if (!(error instanceof RecordTooLargeError) || value === null) throw error;
    const cut = value.subarray(0, Math.max(0, writer.maxBatchBytes - FRAME_BYTES));
    const truncated: [string, Buffer] = ['predictd-value-bytes', Buffer.from(String(valueLength))];
    const headers = encodeHeaders([...facts, truncated]);
    writer.append(source.set(record, headers, about.timestampMs), cut);
  }
}

function headersOf(
  record: SourceRecord,
  why: BadRecord,
  place: DeadLetterPlace,
): [string, Buffer][] {
  const facts: Readonly<Record<string, string>> = {
    'predictd-error-reason': why.reason,
    'predictd-error-message': why.message.slice(0, MESSAGE_CHARS_MAX),
    'predictd-source-topic': place.topic,
    'predictd-source-partition': String(place.partition),
    'predictd-source-offset': String(offsetOf(record)),
    'predictd-source-timestamp': String(record.timestampMs),
  };
  return Object.entries(facts).map(([name, value]) => [name, Buffer.from(value)]);
}
