import type { KafkaCluster } from '../kafka/cluster.js';
import { RunnerError } from './failure.js';
import type { Plan, Trouble } from './thread-messages.js';

/** What is known of topics without asking anybody. */
type Known = Pick<KafkaCluster, 'findTopicPartitionMetadata'>;

/** Ends the runner; the next one plans anew. */
export class TopicChangedError extends RunnerError {
  constructor(message: string) {
    super('TOPIC_CHANGED', message, false);
  }
}

/** The topics of a task, the source first. */
export function topicsOf(source: string, { sink, deadLetter }: Plan): string[] {
  return [source, sink.topic, ...(deadLetter ? [deadLetter.topic] : [])];
}

/**
 * Throws TopicChangedError where the plan holds no more. New partitions of the source need a new one: which partition of the
 * sink a record goes to depends on their number. So does a topic that was made anew with fewer.
 */
export function checkPartitions(cluster: Known, topic: string, plan: Plan): void {
  const { sourcePartitions, endOffsets, sink, deadLetter } = plan;
  const source = { topic, partitions: sourcePartitions };
  for (const planned of [source, sink, ...(deadLetter ? [deadLetter] : [])]) {
    const now = cluster.findTopicPartitionMetadata(planned.topic).length;
    const isMore = planned === source && !endOffsets && now > planned.partitions;
    // None: it is gone, which the next request to it says.
    if (!isMore && (now >= planned.partitions || now === 0)) continue;
    const message = `${planned.topic} has ${now} partitions now, not ${planned.partitions}.`;
    throw new TopicChangedError(message);
  }
}

/** What waits because partitions of these topics have no leader; undefined if all have one. */
export function leaderless(cluster: Known, topics: readonly string[]): Trouble | undefined {
  const [first, ...others] = topics.flatMap((topic) =>
    cluster
      .findTopicPartitionMetadata(topic)
      .flatMap(({ partitionId, leader }) => (leader < 0 ? `${topic}-${partitionId}` : [])),
  );
  if (first === undefined) return undefined;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return {
    // A new runner would find no more leaders than this one.
    reason: 'KAFKA_UNREACHABLE',
    message: `No broker leads ${first}${more}; what is read from there or written there waits.`,
  };
}
