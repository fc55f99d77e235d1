import { EncodedBatch } from './encoded-batch.js';
import type { ProduceArgs, ProducePartition } from './kafkajs-seams.js';
import { RecordBatchWriter } from './record-batch-writer.js';
import { type Headers, recordSource } from './record-source.js';

/** A message as callers of kafkajs write it. */
export interface PlainMessage {
  readonly key?: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly timestamp?: string;
  readonly headers?: Headers;
}

/**
 * What kafkajs's connection reads of the encoder it expects: it copies `buffer` into the frame it
 * sends.
 */
export interface EncodedRequest {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** Bytes of a partition's entry before its batch: partition number and length. */
const PARTITION_HEAD_BYTES = 8;
/** Transactional id's and topics' length fields, acks, timeout and array counts, rounded up. */
const REQUEST_HEAD_BYTES = 16;

/**
 * Encodes the body of a produce request, versions 3 to 7. Encoded batches go in as they are, under
 * the producer's identity and sequence number of this attempt; arrays of messages are encoded on
 * the spot, as one batch whatever its size, as kafkajs does.
 */
export function encodeProduceRequest(args: ProduceArgs, nowMs: number): EncodedRequest {
  const topics = args.topicData.map(({ topic, partitions }) => ({
    name: Buffer.from(topic),
    partitions: partitions.map((entry) => ({
      partition: entry.partition,
      batch: sealed(args, entry, nowMs),
    })),
  }));
  const transactionalId = args.transactionalId == null ? null : Buffer.from(args.transactionalId);
  let size = REQUEST_HEAD_BYTES + (transactionalId?.length ?? 0);
  for (const { name, partitions } of topics) {
    size += 6 + name.length;
    for (const { batch } of partitions) size += PARTITION_HEAD_BYTES + batch.length;
  }
  const out = new RequestBuffer(size);
  out.string(transactionalId);
  out.int16(args.acks);
  out.int32(args.timeout);
  out.int32(topics.length);
  for (const { name, partitions } of topics) {
    out.string(name);
    out.int32(partitions.length);
    for (const { partition, batch } of partitions) {
      out.int32(partition);
      out.int32(batch.length);
      out.raw(batch);
    }
  }
  const buffer = out.written();
  return { buf: buffer, buffer };
}

/** Encodes kafkajs messages as one batch; a message without a time gets `nowMs`. */
export function encodePlainMessages(
  messages: readonly PlainMessage[],
  nowMs: number,
): EncodedBatch {
  const writer = new RecordBatchWriter({ maxBatchBytes: Number.POSITIVE_INFINITY });
  for (const { key, value, headers, timestamp } of messages) {
    const source = recordSource({ key, headers, timestampMs: Number(timestamp) || nowMs });
    writer.append(source, typeof value === 'string' ? Buffer.from(value) : value);
  }
  const [batch] = writer.finish();
  if (batch === undefined) throw new RangeError('A produce request without messages');
  return batch;
}

function sealed(args: ProduceArgs, entry: ProducePartition, nowMs: number): Buffer {
  const { messages } = entry;
  const batch =
    messages instanceof EncodedBatch
      ? messages
      : encodePlainMessages(messages as PlainMessage[], nowMs);
  return batch.seal({
    transactional: args.transactionalId != null && args.transactionalId !== '',
    producerId: BigInt(String(args.producerId ?? -1)),
    producerEpoch: args.producerEpoch ?? 0,
    baseSequence: entry.firstSequence ?? 0,
    compression: args.compression ?? 0,
  });
}

class RequestBuffer {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  int16(value: number): void {
    this.#position = this.#bytes.writeInt16BE(value, this.#position);
  }

  int32(value: number): void {
    this.#position = this.#bytes.writeInt32BE(value, this.#position);
  }

  string(value: Buffer | null): void {
    this.int16(value === null ? -1 : value.length);
    if (value !== null) this.raw(value);
  }

  raw(value: Buffer): void {
    value.copy(this.#bytes, this.#position);
    this.#position += value.length;
  }

  written(): Buffer {
    return this.#bytes.subarray(0, this.#position);
  }
}
