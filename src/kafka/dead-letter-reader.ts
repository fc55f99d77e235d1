import type { KafkaCluster } from './cluster.js';
import { READ_COMMITTED } from './cluster.js';
import { chunkOf, type FetchedChunk } from './fetcher.js';
import { kafkaErrorType } from './kafka-error.js';
import { topicOffsets } from './topic-offsets.js';

/** Offsets of a partition's first record and behind its last one that is settled. */
export interface Bounds {
  readonly first: number;
  readonly end: number;
}

const FETCH_WAIT_MS = 100;
/** A broker answers with one batch at least, however large. */
const FETCH_BYTES = 1024 * 1024;
/** Fetches in a row that bring nothing: transactions under way settle in far less. */
const EMPTY_FETCHES_MAX = 100;

/** Whether the topic is there. Its metadata is known afterwards. */
export async function knowsTopic(cluster: KafkaCluster, topic: string): Promise<boolean> {
  try {
    await cluster.addMultipleTargetTopics([topic]);
    return cluster.findTopicPartitionMetadata(topic).length > 0;
  } catch (error) {
    if (kafkaErrorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
    throw error;
  }
}

/** Bounds of every partition of a topic that is known, by partition. */
export async function boundsOf(
  cluster: KafkaCluster,
  topic: string,
): Promise<ReadonlyMap<number, Bounds>> {
  const partitions = cluster
    .findTopicPartitionMetadata(topic)
    .map(({ partitionId }) => partitionId)
    .sort((a, b) => a - b);
  const [firsts, ends] = await Promise.all([
    topicOffsets(cluster, { topic, partitions, at: 'first' }),
    topicOffsets(cluster, { topic, partitions, at: 'end' }),
  ]);
  return new Map(
    partitions.map((partition) => {
      const first = firsts.get(partition) ?? 0;
      return [partition, { first, end: Math.max(first, ends.get(partition) ?? first) }];
    }),
  );
}

/** A stretch of a partition. */
export interface Stretch extends Bounds {
  readonly topic: string;
  readonly partition: number;
}

/** Reads the settled records of a stretch, a fetch at a time. The last chunk may hold records behind its end. */
export async function* readChunks(
  cluster: KafkaCluster,
  { topic, partition, first, end }: Stretch,
): AsyncGenerator<FetchedChunk> {
  let offset = first;
  for (let empty = 0; offset < end && empty < EMPTY_FETCHES_MAX; ) {
    const chunk = await fetchChunk(cluster, { topic, partition, offset });
    empty = chunk.nextOffset > offset ? 0 : empty + 1;
    offset = chunk.nextOffset;
    if (empty === 0) yield chunk;
  }
}

async function fetchChunk(
  cluster: KafkaCluster,
  { topic, partition, offset }: { topic: string; partition: number; offset: number },
): Promise<FetchedChunk> {
  await cluster.refreshMetadataIfNecessary();
  const metadata = cluster.findTopicPartitionMetadata(topic);
  const nodeId = metadata.find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
  const broker = await cluster.findBroker({ nodeId });
  const partitions = [{ partition, fetchOffset: String(offset), maxBytes: FETCH_BYTES }];
  const { responses } = await broker.fetch({
    replicaId: -1,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    topics: [{ topic, partitions }],
  });
  const answer = responses[0]?.partitions[0];
  if (!answer) return { records: [], byteLength: 0, nextOffset: offset, stableEnd: offset };
  return chunkOf(topic, offset, answer);
}
