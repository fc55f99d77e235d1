import type { Message, ProducerRecord, RecordMetadata } from 'kafkajs';
import type { EncodedBatch } from '../../src/kafka/encoded-batch.js';
import { isFastCodecInstalled } from '../../src/kafka/install-codecs.js';
import { scanRecordBatches } from '../../src/kafka/record-batch-reader.js';

/** The part of a kafkajs producer or transaction that sends. */
export interface RecordSender {
  send(record: ProducerRecord): Promise<RecordMetadata[]>;
}

/** Encoded batches for one topic, by partition, each partition's in order. */
export interface EncodedSend {
  readonly topic: string;
  readonly batches: ReadonlyMap<number, readonly EncodedBatch[]>;
  /** Number of kafkajs's `CompressionTypes`; none by default. */
  readonly compression?: number;
  /** Milliseconds the broker may take to replicate; kafkajs's 30 seconds by default. */
  readonly timeoutMs?: number;
}

/**
 * Sends encoded batches through a kafkajs producer or transaction, which goes on adding the
 * partitions to the transaction, counting sequence numbers, finding leaders and retrying. A produce
 * request carries one batch a partition, so batches that were split go in rounds, one after
 * another: order is kept, and within a transaction a failure in a later round aborts the earlier
 * ones. The sender's own partitioner is not asked. With kafkajs's own codec the batches are taken
 * apart into messages first: slower, same result, except that kafkajs cannot write a null header
 * value and gets an empty one.
 *
 * The writers must not be reset before the promise settles.
 */
export async function sendEncoded(
  sender: RecordSender,
  send: EncodedSend,
): Promise<RecordMetadata[]> {
  const metadata: RecordMetadata[] = [];
  for (let round = 0; ; round++) {
    const batches = new Map<number, EncodedBatch>();
    for (const [partition, queue] of send.batches) {
      const batch = queue[round];
      if (batch !== undefined) batches.set(partition, batch);
    }
    if (batches.size === 0) return metadata;
    metadata.push(
      ...(await sender.send({
        topic: send.topic,
        messages: isFastCodecInstalled() ? encodedMessages(batches) : plainMessages(batches),
        ...(send.compression === undefined ? {} : { compression: send.compression }),
        ...(send.timeoutMs === undefined ? {} : { timeout: send.timeoutMs }),
      })),
    );
  }
}

/**
 * Stands where kafkajs's producer expects an array of messages. It looks for one without a value
 * (`find`) and groups them by partition (`reduce`, whose own way copies quadratically); both are
 * answered at once, and each group is an encoded batch, of which kafkajs only reads the length
 * until the produce request takes it.
 */
function encodedMessages(batches: ReadonlyMap<number, EncodedBatch>): Message[] {
  const standIn = {
    find: () => undefined,
    reduce: () => Object.fromEntries(batches),
  };
  return standIn as unknown as Message[];
}

function plainMessages(batches: ReadonlyMap<number, EncodedBatch>): Message[] {
  const messages: Message[] = [];
  for (const [partition, batch] of batches) {
    for (const record of recordsOf(batch)) {
      const { key, value, timestamp } = record;
      const headers: Record<string, Buffer | (Buffer | string)[]> = {};
      for (const [name, one] of Object.entries(record.headers)) {
        headers[name] = Array.isArray(one) ? one.map(notNull) : notNull(one);
      }
      messages.push({ key, value, timestamp, headers, partition });
    }
  }
  return messages;
}

function notNull(value: Buffer | null): Buffer {
  return value ?? Buffer.alloc(0);
}

function recordsOf(batch: EncodedBatch) {
  const recordSet = batch.seal({
    transactional: false,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    compression: 0,
  });
  const place = { topic: '', partition: 0, fetchOffset: 0n, abortedTransactions: [] };
  return scanRecordBatches({ ...place, recordSet }).records.slice();
}
