import { compress } from './compression.js';
import { crc32c } from './crc32c.js';
import { BatchAttribute, BatchField, LENGTH_FIELD_END, MAGIC_V2 } from './record-batch-layout.js';

/**
 * What the producer knows only when it sends: who it is, and the number of the batch's first
 * record.
 */
export interface BatchIdentity {
  readonly transactional: boolean;
  /** -1 without idempotence. */
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  /** A codec number of `CompressionCodec`. */
  readonly compression: number;
}

/** What the writer knows about a finished batch besides its bytes. */
export interface BatchSummary {
  readonly recordCount: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
}

/**
 * The records of one batch, encoded, with room for the header before them. It stands in for
 * kafkajs's array of messages of one partition: `length` counts records, which is what kafkajs
 * advances its sequence numbers by. The bytes belong to the writer and are valid until it is reset.
 */
export class EncodedBatch {
  readonly length: number;
  readonly summary: BatchSummary;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, summary: BatchSummary) {
    this.#bytes = bytes;
    this.summary = summary;
    this.length = summary.recordCount;
  }

  /**
   * Size in bytes when sent without compression, header included: what the topic's
   * max.message.bytes limits.
   */
  get byteLength(): number {
    return this.#bytes.length;
  }

  /**
   * Fills in the header and returns the whole batch as it goes over the wire. Without compression
   * the result is the batch's own memory; a retry may seal again with another identity.
   */
  seal(identity: BatchIdentity): Buffer {
    const batch = identity.compression === 0 ? this.#bytes : this.#compressed(identity.compression);
    const { summary } = this;
    batch.writeBigInt64BE(0n, BatchField.BASE_OFFSET);
    batch.writeInt32BE(batch.length - LENGTH_FIELD_END, BatchField.LENGTH);
    batch.writeInt32BE(0, BatchField.LEADER_EPOCH);
    batch.writeInt8(MAGIC_V2, BatchField.MAGIC);
    const transactional = identity.transactional ? BatchAttribute.TRANSACTIONAL : 0;
    batch.writeInt16BE(identity.compression | transactional, BatchField.ATTRIBUTES);
    batch.writeInt32BE(summary.recordCount - 1, BatchField.LAST_OFFSET_DELTA);
    batch.writeBigInt64BE(BigInt(summary.baseTimestampMs), BatchField.BASE_TIMESTAMP);
    batch.writeBigInt64BE(BigInt(summary.maxTimestampMs), BatchField.MAX_TIMESTAMP);
    batch.writeBigInt64BE(identity.producerId, BatchField.PRODUCER_ID);
    batch.writeInt16BE(identity.producerEpoch, BatchField.PRODUCER_EPOCH);
    batch.writeInt32BE(identity.baseSequence, BatchField.BASE_SEQUENCE);
    batch.writeInt32BE(summary.recordCount, BatchField.RECORD_COUNT);
    batch.writeUInt32BE(crc32c(batch.subarray(BatchField.ATTRIBUTES)), BatchField.CRC);
    return batch;
  }

  #compressed(codec: number): Buffer {
    const records = compress(codec, this.#bytes.subarray(BatchField.RECORDS));
    const batch = Buffer.allocUnsafe(BatchField.RECORDS + records.length);
    records.copy(batch, BatchField.RECORDS);
    return batch;
  }
}
