import { FetchedRecord } from './fetched-record.js';
import { type Headers, type RecordSource, recordSource } from './record-source.js';

/** A record of the source topic: key, headers, time and value as ranges of bytes. */
export interface SourceRecord extends RecordSource {
  readonly bytes: Buffer;
  readonly valueStart: number;
  /** -1 for a null value. */
  readonly valueLength: number;
}

/** Records in order, which may be made only when they are asked for. */
export type RecordList = Pick<readonly SourceRecord[], 'length' | 'at' | 'slice'>;

class PlainRecord implements SourceRecord {
  readonly bytes: Buffer;
  readonly keyStart: number;
  readonly keyLength: number;
  readonly headersStart: number;
  readonly headersEnd: number;
  readonly timestampMs: number;
  readonly valueStart: number;
  readonly valueLength: number;
  readonly offset: number;

  constructor(message: KafkajsMessage) {
    const timestampMs = Number(message.timestamp);
    const { key, headers } = message;
    const facts = recordSource({ key, headers, timestampMs });
    this.bytes = Buffer.concat([facts.bytes, message.value ?? Buffer.alloc(0)]);
    this.keyStart = facts.keyStart;
    this.keyLength = facts.keyLength;
    this.headersStart = facts.headersStart;
    this.headersEnd = facts.headersEnd;
    this.timestampMs = timestampMs;
    this.valueStart = facts.bytes.length;
    this.valueLength = message.value?.length ?? -1;
    this.offset = Number(message.offset);
  }
}

interface KafkajsMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Headers;
  readonly timestamp: string;
  readonly offset: string;
}

/** The record of a message that kafkajs's own codec decoded. */
export function plainRecord(message: unknown): SourceRecord {
  return new PlainRecord(message as KafkajsMessage);
}

/** Offset of a record that one of the two codecs decoded. */
export function offsetOf(record: SourceRecord): number {
  if (record instanceof FetchedRecord) return record.batch.safeBaseOffset + record.offsetDelta;
  return record instanceof PlainRecord ? record.offset : Number.NaN;
}
