import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { eventually } from '../../support/eventually.js';
import { fixturePath } from '../../support/fixtures.js';
import { kafkaForTests, uniqueName } from '../../support/kafka.js';
import { createTask, send } from './client.js';
import { type SymetryServer, startSymetry } from './symetry-server.js';

const tasks = '/symetry/rest/c1/tasks';
const runningMs = 60_000;

async function statusOf(server: SymetryServer, task: string): Promise<Record<string, string>> {
  const { text } = await send(server, { target: `${tasks}/${task}` });
  return JSON.parse(text).values.KSVSMap.values[0];
}

/** The same task, asked for over the core's own API. */
async function coreTask(server: SymetryServer, task: string) {
  const response = await fetch(`${server.url}/v1/users/c1/tasks/${task}`, {
    headers: { authorization: 'Bearer token-c1' },
  });
  assert.equal(response.status, 200);
  return JSON.parse(await response.text());
}

test('S7.2, S8.10: a task is started, seen running in both APIs, refused over the cap, and stopped', async (t) => {
  const kafka = await kafkaForTests();
  const server = await startSymetry(t, { brokers: kafka.brokers, tasksMax: 1 });
  const source = await kafka.createTopic({ prefix: 'symetry-in' });
  const sink = await kafka.createTopic({ prefix: 'symetry-out' });
  const { rows, labels, probabilities } = JSON.parse(
    await readFile(fixturePath('iris.json'), 'utf8'),
  );
  const records = rows.map((features: readonly number[]) => JSON.stringify({ features }));
  await kafka.produceRecords(
    source,
    records.map((value: string, index: number) => ({ key: `k${index}`, value })),
  );
  const params = {
    'bootstrap.servers': kafka.bootstrapServers,
    'sml.kstream.source.topic': source,
    'sml.kstream.sink.topic': sink,
    'sml.kstream.app.id': uniqueName('app'),
    'sml.kstream.schedule.ms': '50',
    'sml.task.heap.min': '128m',
    'sml.task.heap.max': '256m',
  };
  for (const name of ['one', 'two']) {
    assert.equal((await createTask(server, name, { params })).status, 202);
  }
  const started = await send(server, { target: `${tasks}/one/start` });
  assert.equal(started.text, '{"statusCode":"OK","statusString":"OK","values":{}}');
  const running = await eventually(
    async () => {
      const status = await statusOf(server, 'one');
      return status.processIsAlive === 'true' && status;
    },
    { deadlineMs: runningMs, what: 'a live process' },
  );
  assert.equal(running.status, 'running');
  assert.match(running.startDateTime ?? '', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
  assert.equal(running.lastError, '');

  const again = await send(server, { target: `${tasks}/one/start` });
  assert.equal(again.status, 200, 'a repeated GET changes nothing');
  const refused = await send(server, { target: `${tasks}/two/start` });
  assert.deepEqual([refused.status, refused.statusCode], [500, 'INTERNAL_SERVER_ERROR']);
  assert.match(refused.statusString, /^Task execution was refused by server\. .*\(1\)/);
  assert.equal((await statusOf(server, 'two')).status, 'stopped');

  const written = await kafka.readCommitted(sink, { until: records.length });
  assert.equal(written.length, records.length);
  for (const [index, { key, value }] of written.entries()) {
    assert.equal(key, `k${index}`);
    const prediction = JSON.parse(value ?? '{}');
    assert.equal(prediction.res, labels[index]);
    assert.deepEqual(Object.keys(prediction), ['0', '1', '2', 'res']);
    for (const [place, probability] of probabilities[index].entries()) {
      assert.ok(Math.abs(prediction[place] - probability) < 1e-6);
    }
  }

  const seen = await coreTask(server, 'one');
  assert.equal(seen.name, 'users/c1/tasks/one');
  assert.equal(seen.spec.source.topic, source);
  assert.equal(seen.status.processIsAlive, true);
  assert.equal(seen.annotations, undefined);

  const stopped = await send(server, { target: `${tasks}/one/stop` });
  assert.equal(stopped.status, 200);
  const { status, startDateTime, processIsAlive } = await statusOf(server, 'one');
  assert.deepEqual([status, startDateTime, processIsAlive], ['stopped', '', 'false']);

  assert.equal((await send(server, { target: `${tasks}/two/start` })).status, 200);
  const deleted = await send(server, { verb: 'DELETE', target: `${tasks}/two` });
  assert.equal(deleted.status, 200, 'a running task is stopped first');
  assert.equal((await server.store.activeExecutions()).length, 0);
});
