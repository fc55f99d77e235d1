import assert from 'node:assert/strict';
import { chmod, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { run } from '../../src/cli/run.js';
import { startLocalService } from '../../src/demo/local-service.js';
import { brokerChecks } from '../../src/doctor/brokers.js';
import { type Check, type Finding, runChecks } from '../../src/doctor/finding.js';
import { machineChecks, nodeVersion } from '../../src/doctor/machine.js';
import { registryCheck, serviceChecks } from '../../src/doctor/web.js';
import { connect } from '../../src/store/connection.js';
import { openStore } from '../../src/store/store.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { fixturePath } from '../support/fixtures.js';
import { kafkaForTests, uniqueName } from '../support/kafka.js';

async function look(checks: readonly Check[]): Promise<Record<string, Finding>> {
  const explain = (error: unknown) => ({ detail: String(error), hint: '' });
  const findings = await runChecks(checks, explain);
  return Object.fromEntries(findings.map((finding) => [finding.subject, finding]));
}

async function dataDirectory(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-doctor-'));
  t.after(() => rm(folder, { recursive: true }));
  const data = join(folder, 'data');
  await (await openStore({ dataDir: data })).close();
  return data;
}

describe('a data directory', () => {
  test('that is whole has no fault, and is left as it was', async (t) => {
    const data = await dataDirectory(t);
    const before = await readdir(data);
    const found = await look(machineChecks(data));
    for (const subject of ['disk', 'data directory', 'lock', 'key', 'database']) {
      assert.equal(found[subject]?.outcome, 'ok', JSON.stringify(found[subject]));
    }
    assert.deepEqual(await readdir(data), before);
  });

  test('in use is looked at too', async (t) => {
    const data = await dataDirectory(t);
    const store = await openStore({ dataDir: data });
    t.after(() => store.close());
    const found = await look(machineChecks(data));
    assert.equal(found.lock?.detail, `held by process ${process.pid}`);
    assert.equal(found.database?.outcome, 'ok', JSON.stringify(found.database));
  });

  test('that does not exist yet is no fault', async () => {
    const found = await look(machineChecks(join(tmpdir(), uniqueName('none'))));
    assert.ok(Object.values(found).every(({ outcome }) => outcome !== 'failed'));
  });

  test('that others may read, or whose key is gone, has a hint', async (t) => {
    const data = await dataDirectory(t);
    await chmod(join(data, 'key'), 0o640);
    const open = (await look(machineChecks(data)))['data directory'];
    assert.deepEqual([open?.outcome, open?.hint], ['failed', `run: chmod go= ${data}/key`]);
    await rm(join(data, 'key'));
    assert.equal((await look(machineChecks(data))).key?.outcome, 'failed');
  });

  test('whose database is damaged or newer is found out', async (t) => {
    const data = await dataDirectory(t);
    const file = join(data, 'predictd.db');
    const newer = await connect({ file, readOnly: false, busyTimeoutMs: 0 });
    await newer.script('PRAGMA user_version = 999');
    await newer.close();
    assert.match((await look(machineChecks(data))).database?.detail ?? '', /schema 999 is newer/);
    const raw = await open(file, 'r+');
    await raw.write(Buffer.alloc(4_096, 0xff), 0, 4_096, 4_096);
    await raw.close();
    const found = (await look(machineChecks(data))).database;
    assert.equal(found?.outcome, 'failed');
    assert.match(found?.hint ?? '', /predictd restore/);
  });
});

test('a Node that is too old fails, one without fixes is warned of', () => {
  const outcomes = ['18.20.0', '20.16.0', '20.17.0', '22.1.0'].map((it) => nodeVersion(it).outcome);
  assert.deepEqual(outcomes, ['failed', 'failed', 'warning', 'ok']);
});

describe('a URL', () => {
  async function serving(t: TestContext, status: number, date?: string): Promise<string> {
    const server = createServer((_request, response) => {
      response.writeHead(status, date === undefined ? {} : { date }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('of a service that is ready and has our time is fine', async (t) => {
    const found = await look(serviceChecks({ url: await serving(t, 200) }).checks);
    assert.deepEqual(
      [found.service?.outcome, found.clock?.outcome, found.certificate?.outcome],
      ['ok', 'ok', 'skipped'],
    );
  });

  test('of a service that is not ready, or in another time, is not', async (t) => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const found = await look(serviceChecks({ url: await serving(t, 503, date) }).checks);
    assert.deepEqual([found.service?.outcome, found.clock?.outcome], ['failed', 'failed']);
  });

  test('where nothing answers is told once', async () => {
    const found = await look(serviceChecks({ url: 'http://127.0.0.1:1' }).checks);
    assert.deepEqual([found.service?.outcome, found.clock?.outcome], ['failed', 'skipped']);
    const env = { PREDICTD_URL: 'http://127.0.0.1:1', PREDICTD_TOKEN: 'pd_any' };
    const terminal = memoryTerminal({ env });
    assert.equal(await run(['doctor', 'iris', '-o', 'json'], terminal), 1);
    assert.equal(JSON.parse(terminal.written.stdout).failed, 1);
  });

  test('of a schema registry is one only if it has subjects', async (t) => {
    const good = await look([registryCheck({ url: await serving(t, 200) })]);
    const bad = await look([registryCheck({ url: await serving(t, 404) })]);
    assert.equal(good['schema registry']?.outcome, 'ok');
    assert.equal(bad['schema registry']?.outcome, 'failed');
  });
});

test('brokers are reached one by one, and offer transactions if one answers', async () => {
  const { brokers } = await kafkaForTests();
  const found = await look(brokerChecks(['127.0.0.1:1', ...brokers]));
  assert.equal(found['broker 127.0.0.1:1']?.outcome, 'failed');
  assert.match(found['broker 127.0.0.1:1']?.detail ?? '', /ECONNREFUSED/);
  for (const subject of [`broker ${brokers[0]}`, 'transactions', 'consumer groups']) {
    assert.equal(found[subject]?.outcome, 'ok', JSON.stringify(found[subject]));
  }
});

test('Ctrl-C ends an examination at once, with the code that says so', async (t) => {
  const terminal = memoryTerminal();
  const silent = createServer(() => terminal.interrupt.abort());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    silent.close();
    silent.closeAllConnections();
  });
  const { port } = silent.address() as AddressInfo;
  const code = await run(['doctor', '--url', `http://127.0.0.1:${port}`], terminal);
  assert.deepEqual([code, terminal.written], [130, { stdout: '', stderr: '' }]);
});

test('doctor rehearses a task on the service and ends with 1 when it cannot run', async (t) => {
  const kafka = await kafkaForTests();
  const source = await kafka.createTopic({ prefix: 'doctor' });
  await kafka.produceRecords(source, [{ value: '{"features":[5.1,3.5,1.4,0.2]}' }]);
  await using service = await startLocalService({ brokers: kafka.bootstrapServers });
  const env = { PREDICTD_URL: service.url, PREDICTD_TOKEN_FILE: service.adminFile };
  const predictd = async (args: readonly string[], input = '') => {
    const terminal = memoryTerminal({ env, input });
    return { code: await run(args, terminal), ...terminal.written };
  };
  const definition = (topic: string) =>
    JSON.stringify({
      spec: {
        source: { topic },
        sink: { topic: uniqueName('doctor-out') },
        predictor: { onnx: { model: 'iris' } },
      },
    });
  await predictd(['models', 'upload', 'iris', fixturePath('iris.onnx')]);
  await predictd(['tasks', 'create', 'good', '-f', '-'], definition(source));
  await predictd(['tasks', 'create', 'bad', '-f', '-'], definition(uniqueName('absent')));

  const good = await predictd(['doctor', 'good', '-o', 'json', '--data', service.data]);
  assert.equal(good.code, 0, good.stdout);
  assert.match(good.stdout, /partition 0, offset 0 was scored/);
  const bad = await predictd(['doctor', 'bad']);
  assert.equal(bad.code, 1, bad.stdout);
  assert.match(bad.stdout, /^rehearsal +failed +spec\.source\.topic/m);
  assert.match(bad.stderr, /hint for rehearsal: /);
  t.diagnostic(bad.stdout);
});
