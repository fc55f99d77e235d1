import type { KafkaCluster } from './cluster.js';

export interface TopicOffsetsQuery {
  readonly topic: string;
  readonly partitions: readonly number[];
  /**
   * `first`: of the first record. `end`: behind the last one that readers of committed records see. `since`, milliseconds since
   * 1970: of the first record that is not older; -1 if there is none.
   */
  readonly at: 'first' | 'end' | { readonly since: number };
}

/** Offsets in a topic, by partition; what the brokers do not answer for is absent. */
export async function topicOffsets(
  cluster: KafkaCluster,
  { topic, partitions: numbers, at }: TopicOffsetsQuery,
): Promise<Map<number, number>> {
  const partitions = numbers.map((partition) => ({ partition }));
  const since = typeof at === 'object' ? { fromTimestamp: at.since } : {};
  const [found] = await cluster.fetchTopicsOffset([
    { topic, partitions, fromBeginning: at === 'first', ...since },
  ]);
  return new Map(found?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
}
