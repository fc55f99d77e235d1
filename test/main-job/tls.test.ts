import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Until } from '../../gen/ts/predictd/v1/task_pb.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { testKafka } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

const password = 'only-for-this-test';
const run = promisify(execFile);
const openssl = (args: readonly string[]) => run('openssl', [...args]);

/** A certificate for this machine's loopback, and a key store that a broker reads. */
async function certificate(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-tls-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const [key, pem, store] = ['key.pem', 'certificate.pem', 'store.p12'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  await openssl([
    ...request,
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
    '-keyout',
    key,
    '-out',
    pem,
  ]);
  await openssl([
    'pkcs12',
    '-export',
    '-in',
    pem,
    '-inkey',
    key,
    '-out',
    store,
    '-passout',
    `pass:${password}`,
  ]);
  return { store, pem: await readFile(pem, 'utf8') };
}

test('a task predicts over TLS with the authority given in its spec, and not without', async (t) => {
  const { store, pem } = await certificate(t);
  const broker = await startKafka({
    listeners: [{ name: 'SECURE', protocol: 'SSL' }],
    properties: {
      'ssl.keystore.location': store,
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.password': password,
      'ssl.key.password': password,
    },
  });
  t.after(() => broker.stop());
  const secure = broker.addressesOf('SECURE');
  const kafka = testKafka(broker.bootstrapServers);
  const topic = await kafka.createTopic({ partitions: 2 });
  await kafka.produceRecords(topic, [{ key: 'a', value: '{"features":[5.1,3.5,1.4,0.2]}' }]);
  const flags = ['--allow-egress', secure];
  const under = await serviceUnderTest({ brokers: broker.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const { tasks } = under.connection;
  const create = (taskId: string, ca: string) => {
    const source = { topic, bootstrapServers: [secure], tls: { ca } };
    const predictor = { kind: { case: 'onnx', value: { model: 'iris' } } } as const;
    const spec = { source, sink: { topic: `${topic}-${taskId}` }, predictor, until: Until.END };
    return tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
  };
  await create('trusting', pem);
  await create('doubting', '');
  await tasks.startTask({ name: taskName('trusting') });
  const { status } = await under.reach('trusting', [State.COMPLETED, State.FAILED]);
  assert.equal(status?.state, State.COMPLETED, status?.lastError ?? '');
  const found = await kafka.readCommitted(`${topic}-trusting`, { until: 1 });
  assert.deepEqual(
    found.map(({ key }) => key),
    ['a'],
  );
  await tasks.startTask({ name: taskName('doubting') });
  const refused = await under.reach('doubting', [State.COMPLETED, State.FAILED], 90_000);
  assert.equal(refused.status?.state, State.FAILED);
  assert.match(refused.status.lastError, /certificate/i);
});
