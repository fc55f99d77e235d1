import type { Purged } from '../domain/dead-letter.js';
import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import type { KafkaCluster } from './cluster.js';
import type { DeadLetterCall } from './dead-letter-call.js';
import { boundsOf, knowsTopic, readChunks, type Stretch } from './dead-letter-reader.js';
import { isDeadLetter } from './dead-letter-record.js';
import { offsetOf } from './source-record.js';
import { topicOffsets } from './topic-offsets.js';

/**
 * Deletes what is before a time, or everything, from the oldest on. All that goes is read before: it is counted, since offsets also
 * count the marks of transactions, and nothing is deleted from a topic that holds anything but dead letters.
 */
export async function purgeDeadLetters(
  call: DeadLetterCall,
  before: number | undefined,
): Promise<Purged> {
  const { cluster, topic } = call;
  if (!(await knowsTopic(cluster, topic))) return { purged: 0, more: false };
  const scanned: Scanned[] = [];
  const budget = {
    records: limits.deadLettersPerCallMax,
    until: Date.now() + limits.deadLettersPerCallMs,
  };
  const stretches = await stretchesOf(call, before);
  for (const stretch of stretches) scanned.push(await scan(call, stretch, budget));
  const partitions = scanned.filter(({ upTo, stretch }) => upTo > stretch.first);
  if (partitions.length > 0) {
    await deleteRecords(
      call,
      partitions.map(({ stretch, upTo }) => ({
        partition: stretch.partition,
        offset: String(upTo),
      })),
    );
  }
  const purged = partitions.reduce((sum, { records }) => sum + records, 0);
  return { purged, more: scanned.some(({ upTo, stretch }) => upTo < stretch.end) };
}

interface Scanned {
  readonly stretch: Stretch;
  readonly records: number;
  /** Offset behind what was looked at. */
  readonly upTo: number;
}

async function stretchesOf(
  { cluster, topic }: DeadLetterCall,
  before: number | undefined,
): Promise<Stretch[]> {
  const bounds = [...(await boundsOf(cluster, topic))];
  const ends = before === undefined ? undefined : await endsBefore(cluster, topic, before);
  return bounds.map(([partition, { first, end }]) => {
    const young = ends?.get(partition) ?? -1;
    const last = young < 0 ? end : Math.min(end, young);
    return { topic, partition, first, end: Math.max(first, last) };
  });
}

/** By partition, the offset of the first record that is not older; -1 if all are. */
async function endsBefore(
  cluster: KafkaCluster,
  topic: string,
  before: number,
): Promise<ReadonlyMap<number, number>> {
  const metadata = cluster.findTopicPartitionMetadata(topic);
  const partitions = metadata.map(({ partitionId }) => partitionId);
  return topicOffsets(cluster, { topic, partitions, at: { since: before } });
}

async function scan(
  { cluster }: DeadLetterCall,
  stretch: Stretch,
  budget: { records: number; readonly until: number },
): Promise<Scanned> {
  let records = 0;
  let upTo = stretch.first;
  for await (const chunk of readChunks(cluster, stretch)) {
    const own = chunk.records.slice().filter((record) => offsetOf(record) < stretch.end);
    const stranger = own.find((record) => !isDeadLetter(record));
    if (stranger) throw notDeadLetters(stretch, offsetOf(stranger));
    records += own.length;
    upTo = Math.min(stretch.end, chunk.nextOffset);
    budget.records -= own.length;
    if (budget.records <= 0 || Date.now() > budget.until) break;
  }
  return { stretch, records, upTo };
}

async function deleteRecords(
  { cluster, topic }: DeadLetterCall,
  wanted: readonly { partition: number; offset: string }[],
): Promise<void> {
  const leaders = new Set(wanted.map(({ partition }) => leaderOf(cluster, topic, partition)));
  for (const nodeId of leaders) {
    const partitions = wanted.filter((it) => leaderOf(cluster, topic, it.partition) === nodeId);
    const broker = await cluster.findBroker({ nodeId });
    await broker.deleteRecords({ topics: [{ topic, partitions }] });
  }
}

function leaderOf(cluster: KafkaCluster, topic: string, partition: number): number {
  const metadata = cluster.findTopicPartitionMetadata(topic);
  return metadata.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
}

function notDeadLetters({ topic, partition }: Stretch, offset: number): DomainError {
  return new DomainError('NOT_DEAD_LETTERS', {
    message: `The record at ${topic}/${partition}/${offset} is no dead letter; nothing was deleted.`,
    metadata: { topic, partition: String(partition), offset: String(offset) },
  });
}
