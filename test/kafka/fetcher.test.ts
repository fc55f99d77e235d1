import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaBroker, KafkaCluster } from '../../src/kafka/cluster.js';
import { Fetcher } from '../../src/kafka/fetcher.js';

test('each partition comes first in turn, because what comes later may find no room in an answer', async () => {
  const asked: number[][] = [];
  const over = new AbortController();
  const broker = {
    async fetch({ topics }: Parameters<KafkaBroker['fetch']>[0]) {
      asked.push(topics[0]?.partitions.map(({ partition }) => partition) ?? []);
      if (asked.length === 6) over.abort();
      return { responses: [] };
    },
  };
  const partitions = [0, 1, 2].map((partitionId) => ({
    partitionId,
    leader: 1,
    partitionErrorCode: 0,
  }));
  const cluster = {
    findTopicPartitionMetadata: () => partitions,
    refreshMetadataIfNecessary: async () => undefined,
    findBroker: async () => broker,
  };
  const fetcher = new Fetcher({
    cluster: cluster as unknown as KafkaCluster,
    topic: 'topic',
    maxWaitMs: 1,
    minBytes: 1,
    maxBytes: 1,
    partitionBytes: 1,
    onAnswer: () => undefined,
  });
  for (const { partitionId } of partitions) {
    fetcher.add(partitionId, {
      position: 0,
      isNew: false,
      wantsMore: () => true,
      receive: () => undefined,
      outOfRange: () => undefined,
    });
  }
  await assert.rejects(fetcher.run(over.signal));
  assert.deepEqual(asked.slice(0, 6), [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ]);
});
