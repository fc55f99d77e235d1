import { createRequire } from 'node:module';
import type { SourceRecord } from '../kafka/source-record.js';

const require = createRequire(import.meta.url);
const murmur2: (
  key: Buffer,
) => number = require('kafkajs/src/producer/partitioners/default/murmur2');

/**
 * Partition of the sink for a record: its own number where both topics have as many partitions; else by the hash of the key, as
 * Java producers do it, and without a key in turn by the source's partition.
 */
export function sinkPartition(
  record: SourceRecord,
  source: { readonly partition: number; readonly partitions: number },
  sinkPartitions: number,
): number {
  if (source.partitions === sinkPartitions) return source.partition;
  if (record.keyLength < 0) return source.partition % sinkPartitions;
  const key = record.bytes.subarray(record.keyStart, record.keyStart + record.keyLength);
  return (murmur2(key) & 0x7fffffff) % sinkPartitions;
}
