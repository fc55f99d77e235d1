import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Role } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { freeLoopbackPorts } from '../../src/demo/kafka/free-ports.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { type Scrape, scrape } from '../support/scrape.js';
import { type ServiceUnderTest, serviceUnderTest, taskName } from './service-under-test.js';

const good = '{"features":[5.1,3.5,1.4,0.2]}';
const name = taskName('measured');
const ofTask = { user: 'admin', task: 'measured' };

async function adminScrape({ service }: ServiceUnderTest): Promise<Scrape> {
  const { token } = JSON.parse(await readFile(service.adminFile, 'utf8')) as { token: string };
  return scrape(`${service.url}/metrics`, token);
}

/** A task over two partitions that has read 60 good records and 3 bad ones, and goes on. */
async function measured(t: TestContext) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const topic = await kafka.createTopic({ prefix: 'measured', partitions: 2 });
  await under.define('measured', { topic });
  const records = Array.from({ length: 60 }, (_, i) => ({ value: good, partition: i % 2 }));
  await kafka.produceRecords(topic, [
    ...records,
    ...['a', 'b', 'c'].map((value) => ({ value, partition: 0 })),
  ]);
  await under.connection.tasks.startTask({ name });
  const read = () => adminScrape(under);
  const first = await eventually(
    async () => {
      const seen = await read();
      const measured = seen.value('predictd_task_end_to_end_duration_seconds_count', ofTask);
      const running = seen.value('predictd_task_state', { ...ofTask, state: 'RUNNING' });
      return measured === 63 && running === 1 && seen;
    },
    { deadlineMs: 60_000, what: 'measures of 63 records' },
  );
  return { kafka, under, topic, first, read };
}

/** What the dashboard and the alerts ask for, whatever labels they choose. */
async function namesAsked(): Promise<string[]> {
  const files = ['grafana/dashboard.json', 'prometheus/alerts.yaml'];
  const texts = await Promise.all(
    files.map((file) => readFile(join(packageRoot(), 'src/telemetry', file), 'utf8')),
  );
  const names = texts.join('\n').match(/\b(?:predictd|nodejs|process)_[a-z0-9_]+/g) ?? [];
  return [...new Set(names)];
}

test('a scrape tells what a real run counted and measured, and goes on after a new start', async (t) => {
  const { kafka, under, topic, first, read } = await measured(t);
  assert.equal(first.value('predictd_task_records_in_total', ofTask), 63);
  assert.equal(first.value('predictd_task_records_out_total', ofTask), 60);
  assert.equal(first.value('predictd_task_records_dead_lettered_total', ofTask), 3);
  assert.equal(first.value('predictd_task_lag_records', ofTask), 0);
  assert.equal(
    first.value('predictd_task_partition_lag_records', { ...ofTask, partition: '1' }),
    0,
  );
  assert.equal(
    first.value('predictd_task_partition_lag_seconds', { ...ofTask, partition: '1' }),
    0,
  );
  assert.equal(first.value('predictd_task_executions_total', ofTask), 1);
  assert.equal(first.value('predictd_task_state', { ...ofTask, state: 'RUNNING' }), 1);
  assert.equal(first.value('predictd_task_state', { ...ofTask, state: 'FAILED' }), 0);
  assert.equal(first.value('predictd_executions', { state: 'RUNNING' }), 1);
  assert.ok((first.value('predictd_task_memory_bytes', ofTask) ?? 0) > 10_000_000);
  for (const what of ['decode', 'score', 'commit']) {
    const family = `predictd_task_${what}_duration_seconds`;
    const count = first.value(`${family}_count`, ofTask) ?? 0;
    assert.equal(count, first.value('predictd_task_batch_records_count', ofTask), what);
    assert.equal(first.value(`${family}_bucket`, { ...ofTask, le: '+Inf' }), count, what);
    assert.ok((first.value(`${family}_sum`, ofTask) ?? 0) > 0, what);
  }
  assert.equal(first.value('predictd_task_batch_records_sum', ofTask), 63);

  const asked = await namesAsked();
  assert.ok(asked.length > 30);
  const unknown = asked.filter((one) => first.of(one).length === 0);
  assert.deepEqual(unknown, [], 'the dashboard or an alert asks for what is not there');

  await under.connection.tasks.stopTask({ name });
  const stopped = await read();
  assert.equal(stopped.value('predictd_task_records_in_total', ofTask), 63);
  assert.equal(stopped.value('predictd_task_lag_records', ofTask), undefined, 'nobody looks');
  assert.equal(stopped.value('predictd_task_memory_bytes', ofTask), undefined);
  await under.connection.tasks.startTask({ name });
  await under.reach('measured', [State.RUNNING]);
  await kafka.produceRecords(topic, [{ value: good, partition: 0 }]);
  await eventually(
    async () => (await read()).value('predictd_task_records_in_total', ofTask) === 64,
    { deadlineMs: 60_000, what: 'one record more' },
  );
  const second = await read();
  assert.equal(second.value('predictd_task_records_dead_lettered_total', ofTask), 3);
  assert.equal(second.value('predictd_task_executions_total', ofTask), 2);
  assert.equal(second.value('predictd_task_end_to_end_duration_seconds_count', ofTask), 64);
  await under.connection.tasks.deleteTask({ name, force: true });
  const gone = await read();
  assert.deepEqual(gone.of('predictd_task_records_in_total'), []);
  assert.deepEqual(gone.of('predictd_task_batch_records_count'), []);
});

test('metrics are for callers, each of whom sees what is theirs, or on a port of their own for all', async (t) => {
  const { bootstrapServers } = await kafkaForTests();
  const [port = 0] = await freeLoopbackPorts(1);
  const flags = ['--metrics-listen', `127.0.0.1:${port}`];
  const under = await serviceUnderTest({ brokers: bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const { users } = under.connection;
  await under.define('measured', { topic: 'in' });
  const { token } = await users.createUser({ userId: 'ann', role: Role.VIEWER });
  const { url } = under.service;
  const refused = await fetch(`${url}/metrics`);
  assert.deepEqual([refused.status, refused.headers.has('www-authenticate')], [401, true]);
  assert.equal(
    (await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer x' } })).status,
    401,
  );

  const hers = await scrape(`${url}/metrics`, token);
  assert.deepEqual(hers.of('predictd_task_state'), []);
  assert.deepEqual(hers.of('predictd_rpc_requests_total'), [], 'the service is for admins');
  const all = await adminScrape(under);
  const open = await scrape(`http://127.0.0.1:${port}/metrics`);
  for (const seen of [all, open]) {
    assert.equal(seen.value('predictd_task_state', { ...ofTask, state: 'CREATED' }), 1);
    const call = { service: 'predictd.v1.TaskService', method: 'CreateTask', code: 'ok' };
    assert.equal(seen.value('predictd_rpc_requests_total', call), 1);
    assert.ok(
      (seen.value('predictd_http_requests_total', { version: '1.1', status: '401' }) ?? 0) >= 2,
    );
  }
  const elsewhere = await fetch(`http://127.0.0.1:${port}/v1/users/me/tasks`);
  assert.equal(elsewhere.status, 404, 'nothing else is served there');
});
