import type { EncodedBatch } from './encoded-batch.js';
import { isFastCodecInstalled } from './install-codecs.js';
import { scanRecordBatches } from './record-batch-reader.js';

/**
 * What kafkajs's produce request takes as the messages of one partition: the encoded batch itself, or, with kafkajs's own
 * codec, its records as messages.
 */
export function messagesFor(batch: EncodedBatch): unknown {
  if (isFastCodecInstalled()) return batch;
  const recordSet = batch.seal({
    transactional: false,
    producerId: -1n,
    producerEpoch: -1,
    baseSequence: -1,
    compression: 0,
  });
  const place = { topic: '', partition: 0, fetchOffset: 0n, abortedTransactions: [] };
  const records = scanRecordBatches({ ...place, recordSet }).records.slice();
  return records.map(({ key, value, timestamp, headers }) => ({ key, value, timestamp, headers }));
}
