import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KafkaBroker, KafkaCluster } from '../../src/kafka/cluster.js';
import { Fetcher } from '../../src/kafka/fetcher.js';
import { parseMetadata } from '../../src/kafka/missing-leaders.js';

/** A fetcher that always wants more of so many partitions. */
function fetcherOf(cluster: object, partitions: number): Fetcher {
  const fetcher = new Fetcher({
    cluster: cluster as KafkaCluster,
    topic: 'topic',
    maxWaitMs: 1,
    minBytes: 1,
    maxBytes: 1,
    partitionBytes: 1,
    onAnswer: () => undefined,
  });
  for (let partition = 0; partition < partitions; partition++) {
    fetcher.add(partition, {
      position: 0,
      isNew: false,
      wantsMore: () => true,
      receive: () => undefined,
      outOfRange: () => undefined,
    });
  }
  return fetcher;
}

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
  const fetcher = fetcherOf(cluster, partitions.length);
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

test('a partition without a leader holds nothing up, and is asked for once it has one, whoever found out', async () => {
  const over = new AbortController();
  const asked = new Set<string>();
  let leaders = [1, 2, -1, -1];
  let refreshed = 0;
  const metadata = () =>
    leaders.map((leader, partitionId) => ({ partitionId, leader, partitionErrorCode: 0 }));
  let known = metadata();
  const cluster = {
    findTopicPartitionMetadata: () => known,
    refreshMetadataIfNecessary: async () => undefined,
    refreshMetadata: async () => {
      refreshed++;
      leaders = refreshed === 1 ? [1, 2, 3, -1] : [1, 2, 3, 4];
      known = metadata();
    },
    findBroker: async ({ nodeId }: { nodeId: number }) => ({
      async fetch({ topics }: Parameters<KafkaBroker['fetch']>[0]) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        for (const { partition } of topics[0]?.partitions ?? [])
          asked.add(`${partition}@${nodeId}`);
        if (asked.size === 4) over.abort();
        return { responses: [] };
      },
    }),
  };
  const fetcher = fetcherOf(cluster, known.length);
  await assert.rejects(fetcher.run(AbortSignal.any([over.signal, AbortSignal.timeout(10_000)])));
  assert.deepEqual([...asked].sort(), ['0@1', '1@2', '2@3', '3@4']);
  assert.equal(refreshed, 2);
});

test('where one partition has no leader, the metadata of the others counts', async () => {
  const partitions = (...codes: number[]) =>
    codes.map((partitionErrorCode) => ({ partitionErrorCode }));
  const answer = (topicErrorCode: number, ...codes: number[]) => ({
    topicMetadata: [{ topicErrorCode, partitionMetadata: partitions(...codes) }],
  });
  const led = answer(0, 0, 5, 0);
  assert.equal(await parseMetadata(led), led);
  await assert.rejects(parseMetadata(answer(3)), { type: 'UNKNOWN_TOPIC_OR_PARTITION' });
  await assert.rejects(parseMetadata(answer(0, 5, 72)), { type: 'LISTENER_NOT_FOUND' });
});
