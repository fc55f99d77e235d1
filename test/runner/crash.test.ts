import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StartMessage } from '../../src/runner/messages.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests, type ReadRecord, type TestKafka } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

const RECORDS = 80_000;
const PARTITIONS = 4;
const SLICE = 5_000;

describe('a runner that is killed', () => {
  for (const parallelism of [1, 2]) {
    it(`loses, doubles, reorders and miscounts nothing with ${parallelism} threads, five times`, async () => {
      const kafka = await kafkaForTests();
      const source = await kafka.createTopic({ partitions: PARTITIONS });
      await fill(kafka, source);
      const sink = `${source}-out`;
      const first = startMessage(kafka, {
        source,
        sink,
        until: 'END',
        parallelism,
        batch: { maxRecords: 100, maxWaitMs: 5 },
      });
      const last = await killRepeatedly(first, 5);
      const { counters } = last;
      assert.equal(counters.recordsIn, RECORDS);
      assert.equal(counters.recordsOut, RECORDS);
      assertSameRecords(await kafka.readCommitted(sink, { until: RECORDS }));
    });
  }

  it('is followed by one that predicts again within eight seconds', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: PARTITIONS });
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    using first = new ForkedRunner(start);
    await first.ready();
    await kafka.produceRecords(source, irisMessages(100));
    await first.heartbeat(({ counters }) => counters.recordsOut === 100);
    await first.kill();
    const killedAt = performance.now();
    using second = new ForkedRunner({ ...start, epoch: 2 });
    await kafka.produceRecords(source, irisMessages(100, 100));
    await second.heartbeat(({ counters }) => counters.recordsOut === 200);
    const ms = performance.now() - killedAt;
    assert.ok(ms < 8_000, `it took ${ms} ms`);
    const out = await kafka.readCommitted(`${source}-out`, { until: 200 });
    assert.equal(out.length, 200);
  });

  it('ends at once when its supervisor is gone', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic();
    using runner = new ForkedRunner(startMessage(kafka, { source, sink: `${source}-out` }));
    await runner.ready();
    runner.child.disconnect();
    assert.deepEqual(await runner.exited, { code: null, signal: 'SIGKILL' });
  });
});

async function fill(kafka: TestKafka, topic: string): Promise<void> {
  for (let first = 0; first < RECORDS; first += SLICE) {
    await kafka.produceRecords(topic, irisMessages(SLICE, first));
  }
}

/** Kills each runner as soon as it wrote something more, and lets the last one finish. */
async function killRepeatedly(start: StartMessage, kills: number) {
  let endOffsets: Readonly<Record<string, number>> | undefined;
  for (let epoch = 1; ; epoch++) {
    using runner = new ForkedRunner({ ...start, epoch, ...(endOffsets ? { endOffsets } : {}) });
    const begun = await runner.heartbeat(({ partitions }) => partitions.length > 0);
    endOffsets = Object.fromEntries(begun.partitions.map((one) => [one.partition, one.endOffset]));
    if (epoch > kills) {
      assert.deepEqual(await runner.outcome(), { type: 'completed' }, runner.output);
      const last = runner.last('heartbeat');
      assert.ok(last);
      return last;
    }
    const before = begun.counters.recordsIn;
    await eventually(
      () => {
        runner.child.send({ type: 'ping' });
        const heartbeat = runner.last('heartbeat');
        return heartbeat !== undefined && heartbeat.counters.recordsIn > before + 400;
      },
      { deadlineMs: 20_000, what: 'the runner goes on' },
    );
    await runner.kill();
  }
}

function assertSameRecords(out: readonly ReadRecord[]): void {
  assert.equal(out.length, RECORDS);
  const newest = new Map<number, number>();
  for (const { partition, key } of out) {
    const id = Number(key);
    assert.ok(id > (newest.get(partition) ?? -1), `record ${id} of ${partition} is out of order`);
    newest.set(partition, id);
  }
  assert.equal(new Set(out.map(({ key }) => key)).size, RECORDS);
}
