import assert from 'node:assert/strict';
import { test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Until } from '../../gen/ts/predictd/v1/task_pb.js';
import { PredictorRefusedError } from '../../src/predict/remote/errors.js';
import { serviceUnderTest, taskName } from '../main-job/service-under-test.js';
import { openScorer, rowsOf, score } from '../predict/oip/open-scorer.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { startMlServer } from './start-mlserver.js';

const good = (x: number) => `{"sum":${x},"row":[${x},0]}`;
const outcomeOf = (x: number) => ([13, 17].includes(x) ? 'MODEL_ERROR' : good(x));

test('MLServer scores, with and without metadata, and poisoned rows are found', async (t) => {
  const server = await startMlServer(t);
  const expected = rowsOf(40).map(({ features: [x] }) => outcomeOf(x));
  const { scorer, troubles } = await openScorer(server);
  assert.deepEqual(await score(scorer, rowsOf(40)), expected);
  const bare = await openScorer(server, { predictor: { model: 'bare' } });
  assert.deepEqual(await score(bare.scorer, rowsOf(40)), expected);
  const sink = { topic: 'out', format: 'JSON', fields: { total: 'sum' } } as const;
  const one = await openScorer(server, { predictor: { model: 'bare' }, spec: { sink } });
  assert.deepEqual(await score(one.scorer, rowsOf(2)), ['{"total":1}', '{"total":2}']);
  assert.deepEqual([...troubles, ...bare.troubles, ...one.troubles], []);
  const none = openScorer(server, { predictor: { model: 'none' } });
  await assert.rejects(none, (error) => {
    assert.ok(error instanceof PredictorRefusedError);
    assert.match(error.message, /404 .*none not found/);
    return true;
  });
});

test('a task goes on through the death of its MLServer, in order and exactly once', async (t) => {
  const server = await startMlServer(t);
  const kafka = await kafkaForTests();
  const flags = ['--allow-egress', server.address];
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  const topic = await kafka.createTopic({ prefix: 'mlserver' });
  const messages = rowsOf(2_000).map((row, id) => ({
    key: String(id),
    value: JSON.stringify(row),
  }));
  await kafka.produceRecords(topic, messages);
  const { tasks } = under.connection;
  const task = {
    spec: {
      source: { topic },
      sink: { topic: `${topic}-out` },
      predictor: { kind: { case: 'oip' as const, value: { url: server.url, model: 'sums' } } },
      batch: { maxRecords: 20 },
      until: Until.END,
    },
  };
  await tasks.createTask({ parent: 'users/admin', taskId: 'ml', task });
  const name = taskName('ml');
  await tasks.startTask({ name });
  const isUnderWay = async () => {
    const { status } = await tasks.getTask({ name });
    return (status?.counters?.recordsIn ?? 0n) > 0n;
  };
  await eventually(isUnderWay, { deadlineMs: 60_000, what: 'the first records' });
  await server.kill();
  await under.reach('ml', [State.DEGRADED, State.COMPLETED_WITH_WARNINGS], 60_000);
  await server.start();
  const { status } = await under.reach('ml', [State.COMPLETED_WITH_WARNINGS], 120_000);
  assert.equal(status?.restartCount, 0);
  assert.equal(status?.counters?.recordsDeadLettered, 2n);
  const written = await kafka.readCommitted(`${topic}-out`, { until: 1_998 });
  const expected = rowsOf(2_000).map(({ features: [x] }) => outcomeOf(x));
  assert.deepEqual(
    written.map(({ value }) => value),
    expected.filter((outcome) => outcome !== 'MODEL_ERROR'),
  );
});
