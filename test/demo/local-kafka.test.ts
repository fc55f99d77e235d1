import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { isProcessAlive } from '../../src/demo/kafka/process-alive.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { eventually } from '../support/eventually.js';
import { testKafka, uniqueName } from '../support/kafka.js';
import { startProcess } from '../support/process.js';

const START_DEADLINE_MS = 60_000;
const GONE_DEADLINE_MS = 5000;

test('a broker killed by SIGKILL has its transactions again after a restart', async (t) => {
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  const broker = testKafka(kafka.bootstrapServers);
  const topic = await broker.createTopic({ partitions: 2 });
  const producer = broker.client().producer({
    transactionalId: uniqueName('writer'),
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const committed = await producer.transaction();
  const headers = { colour: 'red' };
  await committed.send({
    topic,
    messages: [
      { key: 'a', value: '1', partition: 0, headers },
      { key: 'b', value: '2', partition: 1 },
    ],
  });
  await committed.commit();
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages: [{ key: 'c', value: '3', partition: 0 }] });
  await aborted.abort();
  await producer.disconnect();
  const before = await broker.readCommitted(topic, { until: 2 });

  const pid = kafka.pidOf();
  await kafka.kill('SIGKILL');
  assert.equal(isProcessAlive(pid), false);
  await kafka.restart();

  assert.notEqual(kafka.pidOf(), pid);
  const after = await broker.readCommitted(topic, { until: 2 });
  const keys = after.map(({ partition, key, value }) => [partition, key, value]).sort();
  assert.deepEqual(keys, [
    [0, 'a', '1'],
    [1, 'b', '2'],
  ]);
  assert.deepEqual(after.find(({ key }) => key === 'a')?.headers, headers);
  const byPartition = (x: { partition: number }, y: { partition: number }) =>
    x.partition - y.partition;
  assert.deepEqual(after.sort(byPartition), before.sort(byPartition));
  await kafka.stop();
  assert.equal(existsSync(kafka.directory), false);
});

test('three brokers answer while one is down and take it back', async (t) => {
  const kafka = await startKafka({ brokers: 3, heapMaxMib: 256 });
  t.after(() => kafka.stop());
  const cluster = testKafka(kafka.bootstrapServers);
  const topic = await cluster.createTopic({ partitions: 3 });
  await kafka.kill('SIGKILL', 2);
  await cluster.produceRecords(topic, [{ value: 'while one is down' }]);
  await kafka.restart(2);
  const records = await cluster.readCommitted(topic, { until: 1 });
  assert.deepEqual(
    records.map(({ value }) => value),
    ['while one is down'],
  );
});

test('users of a SCRAM listener sign in and strangers do not', async (t) => {
  const kafka = await startKafka({
    listeners: [{ name: 'SIGNED', protocol: 'SASL_PLAINTEXT' }],
    properties: {
      'listener.name.signed.sasl.enabled.mechanisms': 'SCRAM-SHA-256',
      'listener.name.signed.scram-sha-256.sasl.jaas.config':
        'org.apache.kafka.common.security.scram.ScramLoginModule required;',
    },
    scramUsers: [{ name: 'alice', password: 'right' }],
  });
  t.after(() => kafka.stop());
  const signIn = async (password: string) => {
    const admin = new Kafka({
      brokers: [kafka.addressesOf('SIGNED')],
      sasl: { mechanism: 'scram-sha-256', username: 'alice', password },
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin();
    try {
      await admin.connect();
      return await admin.listTopics();
    } finally {
      await admin.disconnect();
    }
  };
  assert.deepEqual(await signIn('right'), []);
  await assert.rejects(signIn('wrong'), /SASL/);
});

test('a broker that cannot start says why', async () => {
  const malformed = { 'num.io.threads': 'many' };
  await assert.rejects(startKafka({ properties: malformed }), /formatting .*num\.io\.threads/s);
  const missing = { 'authorizer.class.name': 'no.such.Authorizer' };
  await assert.rejects(startKafka({ properties: missing }), /broker 1 ended .*no\.such\.Author/s);
});

test('no broker outlives the process that started it, even by SIGKILL', async (t) => {
  const script = fileURLToPath(new URL('../support/kafka-owner.js', import.meta.url));
  const owner = startProcess(t, process.execPath, { args: [script] });
  const { pid, directory } = JSON.parse(await owner.line(/^\{/, START_DEADLINE_MS));
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  assert.match(command, /kafka\.Kafka/);
  await owner.kill('SIGKILL');
  await eventually(() => !isProcessAlive(pid), {
    deadlineMs: GONE_DEADLINE_MS,
    what: 'the end of the orphaned broker',
  });
  const next = await startKafka();
  await next.stop();
  assert.equal(existsSync(directory), false, 'the next start removes the data left behind');
});
