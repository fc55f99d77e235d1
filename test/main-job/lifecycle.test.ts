import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { WhenFull } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { startLocalService } from '../../src/demo/local-service.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

async function define(t: TestContext, flags: readonly string[] = []) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  return { kafka, under };
}

test('a killed runner is seen at once, and its task predicts again by itself', async (t) => {
  const { kafka, under } = await define(t);
  const topic = await kafka.createTopic({ partitions: 2 });
  await under.define('killed', { topic });
  const { tasks } = under.connection;
  await tasks.startTask({ name: taskName('killed') });
  const running = await under.reach('killed', [State.RUNNING]);
  assert.equal(running.status?.processIsAlive, true);
  process.kill(running.status.processId, 'SIGKILL');
  await eventually(
    async () => {
      const { status } = await tasks.getTask({ name: taskName('killed') });
      return status?.restartCount === 1 || !status?.processIsAlive;
    },
    { deadlineMs: 5_000, what: 'the loss is seen' },
  );
  await kafka.produceRecords(topic, [{ key: 'k', value: '{"features":[5.1,3.5,1.4,0.2]}' }]);
  const found = await kafka.readCommitted(`${topic}-out`, { until: 1 });
  assert.deepEqual(
    found.map(({ key }) => key),
    ['k'],
  );
  const { status } = await under.reach('killed', [State.RUNNING]);
  assert.equal(status?.restartCount, 1);
  assert.equal(status.lastTermination?.signal, 'SIGKILL');
  assert.match(status.lastError, /RUNNER_EXITED/);
});

test('a runner yields to the service, from a session of its own', async (t) => {
  const { kafka, under } = await define(t);
  await under.define('yields', { topic: await kafka.createTopic() });
  const { tasks } = under.connection;
  await tasks.startTask({ name: taskName('yields') });
  const { status } = await under.reach('yields', [State.RUNNING]);
  const runner = status?.processId ?? 0;
  const service = under.service.processId;
  await eventually(async () => getPriority(runner) > getPriority(service), {
    deadlineMs: 5_000,
    what: 'its process weighs less',
  });
  const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(runner)], { encoding: 'utf8' });
  assert.equal(Number(group), runner, 'the signals of a terminal do not reach it');
  const weight = (id: number) => readFile(`/proc/${id}/autogroup`, 'utf8').catch(() => undefined);
  if ((await weight(service)) === undefined) return;
  await eventually(async () => / nice 10\n/.test((await weight(runner)) ?? ''), {
    deadlineMs: 5_000,
    what: 'its session weighs less',
  });
});

test('a stopped task stays stopped, and starts again where it was', async (t) => {
  const { kafka, under } = await define(t);
  const topic = await kafka.createTopic();
  await under.define('again', { topic });
  const { tasks } = under.connection;
  const name = taskName('again');
  await tasks.startTask({ name });
  await under.reach('again', [State.RUNNING]);
  await kafka.produceRecords(topic, [{ key: '1', value: '{"features":[1,2,3,4]}' }]);
  await kafka.readCommitted(`${topic}-out`, { until: 1 });
  const stopped = await tasks.stopTask({ name });
  assert.equal(stopped.status?.state, State.CANCELLED);
  assert.equal(stopped.status.processIsAlive, false);
  await kafka.produceRecords(topic, [{ key: '2', value: '{"features":[4,3,2,1]}' }]);
  const execution = await tasks.startTask({ name });
  assert.equal(execution.number, 2n);
  const found = await kafka.readCommitted(`${topic}-out`, { until: 2 });
  assert.deepEqual(
    found.map(({ key }) => key),
    ['1', '2'],
  );
});

test('starts over tasks-max wait for a place or are refused, as the caller chose', async (t) => {
  const { kafka, under } = await define(t, ['--tasks-max', '1']);
  const topic = await kafka.createTopic();
  for (const id of ['first', 'second', 'third']) await under.define(id, { topic });
  const { tasks } = under.connection;
  await tasks.startTask({ name: taskName('first') });
  const queued = await tasks.startTask({ name: taskName('second') });
  assert.equal(queued.state, State.QUEUED);
  const refused = tasks.startTask({ name: taskName('third'), whenFull: WhenFull.REFUSE });
  await assert.rejects(refused, (error) => {
    return error instanceof ConnectError && error.code === Code.ResourceExhausted;
  });
  await tasks.stopTask({ name: taskName('first') });
  await under.reach('second', [State.RUNNING]);
});

test('SIGTERM drains, and what should run goes on when the service is back', async (t) => {
  const kafka = await kafkaForTests();
  const data = await mkdtemp(join(tmpdir(), 'predictd-drain-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const brokers = kafka.bootstrapServers;
  const before = await serviceUnderTest({ brokers, data });
  const topic = await kafka.createTopic();
  await before.upload('iris');
  await before.define('drained', { topic });
  await before.connection.tasks.startTask({ name: taskName('drained') });
  const running = await before.reach('drained', [State.RUNNING]);
  before.connection.close();
  assert.equal(await before.service.end('SIGTERM'), 0);
  const after = await serviceUnderTest({ brokers, data });
  t.after(() => after[Symbol.asyncDispose]());
  const back = await after.reach('drained', [State.RUNNING]);
  assert.equal(back.status?.execution, running.status?.execution);
});

test('a second service on the same data directory refuses to start and says why', async (t) => {
  const { under } = await define(t);
  const { data } = under.service;
  await assert.rejects(startLocalService({ brokers: '127.0.0.1:9', data }), (error) => {
    return error instanceof Error && error.message.includes(`${under.service.processId}`);
  });
});
