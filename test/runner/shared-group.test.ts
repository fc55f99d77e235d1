import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { noCounters } from '../../src/domain/execution.js';
import { clientSettings } from '../../src/kafka/client.js';
import { createCluster } from '../../src/kafka/cluster.js';
import { createSocketFactory } from '../../src/kafka/egress.js';
import { installCodecs } from '../../src/kafka/install-codecs.js';
import { kafkaErrorType } from '../../src/kafka/kafka-error.js';
import { RecordBatchWriter } from '../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../src/kafka/record-source.js';
import { Ownership, transactionalIdOf } from '../../src/runner/ownership.js';
import { kafkaForTests, type TestKafka, uniqueName } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

/** A task of its own that reads in this group. */
function startIn(kafka: TestKafka, group: string, source: string, sink: string) {
  const start = startMessage(kafka, { source, sink, sourceParts: { consumerGroup: group } });
  return { ...start, consumerGroup: group };
}

describe('tasks that share a consumer group by its name', () => {
  it('predict each record once between them, while they come and go', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 4 });
    const sink = `${source}-out`;
    const group = uniqueName('shared');
    using first = new ForkedRunner(startIn(kafka, group, source, sink));
    await first.ready();
    await kafka.produceRecords(source, irisMessages(2_000));
    using second = new ForkedRunner(startIn(kafka, group, source, sink));
    await second.ready();
    await kafka.produceRecords(source, irisMessages(2_000, 2_000));
    await second.heartbeat(({ counters }) => counters.recordsOut > 0);
    first.stop();
    await first.outcome();
    await kafka.produceRecords(source, irisMessages(2_000, 4_000));
    const out = await kafka.readCommitted(sink, { until: 6_000 });
    assert.equal(out.length, 6_000);
    assert.equal(new Set(out.map(({ key }) => key)).size, 6_000);
    const counted = [first, second].map((it) => it.last('heartbeat')?.counters.recordsOut ?? 0);
    assert.ok((counted[1] ?? 0) < 6_000, `${counted} were counted`);
  });

  it('read all of their topics where these are different ones', async () => {
    const kafka = await kafkaForTests();
    const group = uniqueName('shared');
    const sources = [
      await kafka.createTopic({ partitions: 2 }),
      await kafka.createTopic({ partitions: 3 }),
    ];
    for (const source of sources) await kafka.produceRecords(source, irisMessages(60));
    const [a = '', b = ''] = sources;
    using first = new ForkedRunner(startIn(kafka, group, a, `${a}-out`));
    using second = new ForkedRunner(startIn(kafka, group, b, `${b}-out`));
    for (const runner of [first, second]) {
      await runner.heartbeat(({ counters }) => counters.recordsOut === 60);
    }
  });

  it('end bounded executions when all of them together have read the topic', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    const sink = `${source}-out`;
    await kafka.produceRecords(source, irisMessages(6_000));
    const group = uniqueName('shared');
    // Slowly, so that both are there before all is read.
    const parts = { until: 'END', batch: { maxRecords: 10, maxWaitMs: 0 } } as const;
    const runners = [1, 2].map(() => {
      const start = startIn(kafka, group, source, sink);
      return new ForkedRunner({ ...start, spec: { ...start.spec, ...parts } });
    });
    try {
      for (const runner of runners) {
        assert.deepEqual(await runner.outcome(), { type: 'completed' });
      }
      const told = runners.flatMap(({ messages }) =>
        messages.filter((it) => it.type === 'log' && it.reason === 'GROUP_SHARED'),
      );
      assert.ok(told.length > 0);
      const out = await kafka.readCommitted(sink, { until: 6_000 });
      assert.equal(new Set(out.map(({ key }) => key)).size, out.length);
    } finally {
      for (const runner of runners) runner[Symbol.dispose]();
    }
  });

  it('fence each other: who lost a partition writes nothing more for it', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    const sink = await kafka.createTopic();
    const group = uniqueName('shared');
    await using connection = await connect(kafka);
    const { cluster } = connection;
    await cluster.addMultipleTargetTopics([source, sink]);
    const owner = { generation: -1, memberId: '' };
    const take = () =>
      Ownership.take({
        cluster,
        start: startIn(kafka, group, source, sink),
        partition: 0,
        owner,
        partitionsAtStart: 1,
      });
    const batch = () => {
      const writer = new RecordBatchWriter();
      writer.append(recordSource({ key: 'k', timestampMs: Date.now() }), Buffer.from('{}'));
      return [{ topic: sink, partition: 0, batches: writer.finish() }];
    };
    const lost = await take();
    await lost.commit(batch(), { nextOffset: 1, counters: noCounters });
    const found = await take();
    assert.equal(found.offset, 1);
    await assert.rejects(
      lost.commit(batch(), { nextOffset: 2, counters: noCounters }),
      (error) => kafkaErrorType(error) === 'INVALID_PRODUCER_EPOCH',
    );
    await found.commit(batch(), { nextOffset: 2, counters: noCounters });
    assert.equal((await kafka.readCommitted(sink, { until: 2 })).length, 2);
  });
});

describe('the transactional id of a partition', () => {
  it("is the task's own unless a group is named, and never too long", async () => {
    const kafka = await kafkaForTests();
    const ids = ['', 'group', 'g'.repeat(249)].flatMap((group) =>
      ['topic', 't'.repeat(249)].flatMap((topic) =>
        [1, 2].map((partition) =>
          transactionalIdOf(startIn(kafka, group, topic, 'sink'), partition),
        ),
      ),
    );
    const alike = ['a-b', 'a'].map((group, index) =>
      transactionalIdOf(startIn(kafka, group, ['c', 'b-c'][index] ?? '', 'sink'), 0),
    );
    ids.push(...alike);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.ok(id.length <= 200 && id.startsWith('predictd-'), id);
    const [one, other] = [1, 2].map(() => startIn(kafka, '', 'topic', 'sink'));
    assert.ok(one && other);
    assert.notEqual(transactionalIdOf(one, 0), transactionalIdOf(other, 0));
  });
});

async function connect(kafka: TestKafka) {
  installCodecs();
  const { source } = startMessage(kafka, { source: 's', sink: 't' }).spec;
  const policy = createEgressPolicy([], kafka.brokers);
  const settings = clientSettings({
    source,
    bootstrapServers: kafka.brokers,
    clientId: 'predictd-test',
    socketFactory: createSocketFactory(policy),
  });
  const cluster = createCluster(settings);
  await cluster.connect();
  return {
    cluster,
    async [Symbol.asyncDispose]() {
      await cluster.disconnect();
    },
  };
}
