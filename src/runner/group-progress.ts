import type { KafkaCluster } from '../kafka/cluster.js';
import { type CommittedOffset, fetchCommittedOffsets } from '../kafka/committed-offsets.js';
import { topicOffsets } from '../kafka/topic-offsets.js';
import type { StartMessage } from './messages.js';
import { countersFrom } from './offset-note.js';
import type { PartitionState } from './thread-messages.js';

/** Where a partition is read from, and up to where. */
export type Reach = Pick<PartitionState, 'partition' | 'offset' | 'endOffset'>;

type EndOffsets = ReadonlyMap<number, number>;

/** How far the group is, as it was committed; transactions of a killed runner may still be open and are not waited for. */
export async function committedOffsets(
  cluster: KafkaCluster,
  { consumerGroup: groupId, spec }: StartMessage,
  partitions: readonly number[],
): Promise<Map<number, CommittedOffset>> {
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  const { topic } = spec.source;
  return await fetchCommittedOffsets(coordinator, { groupId, topic, partitions, stable: false });
}

/** Partitions as they were committed, before anybody took them over. */
export function begun(
  start: StartMessage,
  committed: ReadonlyMap<number, CommittedOffset>,
  endOffsets: EndOffsets | undefined,
): PartitionState[] {
  return [...committed].map(([partition, { offset, metadata }]) => ({
    ...reach(partition, offset, endOffsets),
    counters: countersFrom(metadata, start),
    progressAgeMs: 0,
  }));
}

/**
 * Partitions of a bounded execution that nobody began to read. They are reported at once: where they end must be the same in
 * every runner.
 */
export async function notBegun(
  cluster: KafkaCluster,
  { spec }: StartMessage,
  committed: ReadonlyMap<number, CommittedOffset>,
  endOffsets: EndOffsets = new Map(),
): Promise<Reach[]> {
  const ends = [...endOffsets].filter(([partition]) => !committed.has(partition));
  const partitions = ends.map(([partition]) => partition);
  const { topic, startFrom } = spec.source;
  const firsts =
    startFrom === 'LATEST' || partitions.length === 0
      ? new Map<number, number>()
      : await topicOffsets(cluster, { topic, partitions, at: 'first' });
  return ends.map(([partition, end]) => reach(partition, firsts.get(partition) ?? end, endOffsets));
}

/** How far the members of other tasks are with partitions that they own. */
export async function reachElsewhere(
  cluster: KafkaCluster,
  start: StartMessage,
  partitions: readonly number[],
  endOffsets: EndOffsets | undefined,
): Promise<Reach[]> {
  const committed = await committedOffsets(cluster, start, partitions);
  const ends = endOffsets ?? (await endsNow(cluster, start, [...committed.keys()]));
  return [...committed].map(([partition, { offset }]) => reach(partition, offset, ends));
}

/** Nothing is left where no end is known, or one that was passed. */
function reach(partition: number, offset: number, ends: EndOffsets | undefined): Reach {
  return { partition, offset, endOffset: Math.max(offset, ends?.get(partition) ?? offset) };
}

async function endsNow(
  cluster: KafkaCluster,
  { spec }: StartMessage,
  partitions: readonly number[],
): Promise<EndOffsets> {
  const { topic } = spec.source;
  await cluster.addMultipleTargetTopics([topic]);
  return topicOffsets(cluster, { topic, partitions, at: 'end' });
}
