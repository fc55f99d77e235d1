import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Message } from 'kafkajs';
import type { DeadLetter } from '../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

const parent = taskName('bad');
const good = '{"features":[5.1,3.5,1.4,0.2]}';
/** Younger than what brokers keep, or they would take the records away. */
const first = Date.now() - 60_000;

/** A task that has met these records, of which `bad` cannot be scored, and was stopped then. */
async function met(t: TestContext, records: readonly Message[], bad: number) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const topic = await kafka.createTopic({ prefix: 'bad', partitions: 2 });
  const { tasks, deadLetters } = under.connection;
  await under.define('bad', { topic });
  const empty = await deadLetters.listDeadLetters({ parent });
  assert.deepEqual(empty.deadLetters, [], 'a topic that is not there yet is an empty one');
  await kafka.produceRecords(topic, records);
  await tasks.startTask({ name: parent });
  const deadLetterTopic = `${topic}-out.dead-letter`;
  await eventually(
    async () => {
      const { status } = await tasks.getTask({ name: parent });
      return status?.counters?.recordsDeadLettered === BigInt(bad);
    },
    { deadlineMs: 60_000, what: `${bad} dead letters` },
  );
  await tasks.stopTask({ name: parent });
  return { kafka, under, topic, deadLetterTopic, deadLetters };
}

function fails(code: Code, reason: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ConnectError, String(error));
    assert.equal(error.code, code, error.message);
    const infos = error.details.map((detail) => ('debug' in detail ? detail.debug : detail));
    assert.match(JSON.stringify([infos, error.message]), new RegExp(reason));
    return true;
  };
}

const mixed: readonly Message[] = [
  { key: 'g', value: good, partition: 0, timestamp: `${first}` },
  {
    key: 'a',
    value: 'no JSON',
    partition: 0,
    timestamp: `${first + 1_000}`,
    headers: { trace: ['t1', 't2'], 'predictd-error-reason': 'ITS_OWN' },
  },
  { key: null, value: '{"features":[1,2]}', partition: 1, timestamp: `${first + 2_000}` },
  { key: 'n', value: null, partition: 1, timestamp: `${first + 3_000}` },
];

test('dead letters are listed with cause and place, and one is read', async (t) => {
  const { deadLetters, topic } = await met(t, mixed, 3);
  const found: DeadLetter[] = [];
  let pageToken = '';
  do {
    const page = await deadLetters.listDeadLetters({ parent, pageSize: 2, pageToken });
    assert.ok(page.deadLetters.length <= 2);
    found.push(...page.deadLetters);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  assert.equal(found.length, 3);
  const text = found.find(({ sourcePartition }) => sourcePartition === 0);
  assert.ok(text);
  assert.equal(Buffer.from(text.value ?? []).toString(), 'no JSON');
  assert.equal(Buffer.from(text.key ?? []).toString(), 'a');
  assert.deepEqual([text.sourceTopic, text.sourceOffset, text.json], [topic, 1n, undefined]);
  assert.match(text.reason, /^[A-Z_]+$/);
  assert.notEqual(text.message, '');
  assert.deepEqual(
    text.headers.map(({ name, value }) => `${name}=${Buffer.from(value ?? [])}`),
    ['trace=t1', 'trace=t2', 'predictd-error-reason=ITS_OWN'],
  );
  const short = found.find(({ sourceOffset, json }) => sourceOffset === 0n && json);
  assert.deepEqual(short?.key, undefined);
  assert.equal(short?.json?.kind.case, 'structValue');
  const tombstone = found.find(({ reason }) => reason === 'TOMBSTONE');
  assert.equal(tombstone?.value, undefined);
  assert.deepEqual(await deadLetters.getDeadLetter({ name: text.name }), text);
  const absent = deadLetters.getDeadLetter({ name: `${parent}/deadLetters/0-999` });
  await assert.rejects(absent, fails(Code.NotFound, 'deadLetters/0-999'));
});

test('dead letters go back to the source as they were, none of them twice', async (t) => {
  const { kafka, under, deadLetters, topic, deadLetterTopic } = await met(t, mixed, 3);
  const { deadLetters: found } = await deadLetters.listDeadLetters({ parent });
  const one = found.find(({ sourcePartition }) => sourcePartition === 1);
  const names = [one?.name ?? ''];
  const byName = await deadLetters.replayDeadLetters({ parent, names });
  assert.deepEqual([byName.replayedCount, byName.alreadyReplayedCount], [1n, 0n]);
  const again = await deadLetters.replayDeadLetters({ parent, names });
  assert.deepEqual([again.replayedCount, again.alreadyReplayedCount], [0n, 1n]);
  const both = await Promise.all([
    deadLetters.replayDeadLetters({ parent, all: true }),
    deadLetters.replayDeadLetters({ parent, all: true }),
  ]);
  assert.equal(
    both.reduce((sum, { replayedCount }) => sum + replayedCount, 0n),
    2n,
  );
  const marked = await deadLetters.listDeadLetters({ parent });
  assert.ok(marked.deadLetters.every(({ replayed }) => replayed));
  const all = await kafka.readCommitted(topic, { until: 7 });
  assert.equal(all.length, 7);
  const replayed = all.filter(({ headers }) => 'predictd-replayed-from' in headers);
  const shown = replayed.map(({ partition, key, value, timestamp }) => [
    partition,
    key,
    value,
    timestamp - first,
  ]);
  assert.deepEqual(
    shown.sort((a, b) => Number(a[3]) - Number(b[3])),
    [
      [0, 'a', 'no JSON', 1_000],
      [1, null, '{"features":[1,2]}', 2_000],
      [1, 'n', null, 3_000],
    ],
  );
  const text = replayed.find(({ key }) => key === 'a');
  assert.deepEqual(Object.keys(text?.headers ?? {}).sort(), [
    'predictd-error-reason',
    'predictd-replayed-from',
    'trace',
  ]);
  assert.equal(text?.headers['predictd-error-reason'], 'ITS_OWN');
  assert.match(text?.headers['predictd-replayed-from'] ?? '', new RegExp(`^${deadLetterTopic}/`));
  const { service } = under;
  const env = { PREDICTD_URL: service.url, PREDICTD_TOKEN_FILE: service.adminFile };
  const terminal = memoryTerminal({ env });
  assert.equal(await run(['dead-letters', 'replay', 'bad', '--all'], terminal), 0);
  assert.equal(terminal.written.stdout, '0\n');
  const listing = memoryTerminal({ env });
  assert.equal(await run(['dead-letters', 'list', 'bad'], listing), 0);
  assert.match(listing.written.stdout, /TOMBSTONE/);
});

test('dead letters are purged up to a time or all of them, and nothing else ever is', async (t) => {
  const { kafka, deadLetters, topic, deadLetterTopic } = await met(t, mixed, 3);
  const before = timestampFromMs(first + 2_500);
  const old = await deadLetters.purgeDeadLetters({ parent, before });
  assert.deepEqual([old.purgedCount, old.more], [2n, false]);
  const { deadLetters: left } = await deadLetters.listDeadLetters({ parent });
  assert.deepEqual(
    left.map(({ reason }) => reason),
    ['TOMBSTONE'],
  );
  await assert.rejects(
    deadLetters.purgeDeadLetters({ parent }),
    fails(Code.InvalidArgument, 'before'),
  );
  await kafka.produceRecords(deadLetterTopic, [{ value: 'a stranger', partition: 0 }]);
  const refused = deadLetters.purgeDeadLetters({ parent, all: true });
  await assert.rejects(refused, fails(Code.FailedPrecondition, 'no dead letter'));
  assert.equal((await deadLetters.listDeadLetters({ parent })).deadLetters.length, 2);
  const replay = await deadLetters.replayDeadLetters({ parent, all: true });
  assert.deepEqual([replay.replayedCount, replay.unreplayableCount], [1n, 1n]);
  assert.equal((await kafka.readCommitted(topic, { until: 5 })).length, 5);
});

test('many dead letters are purged and counted exactly, whatever transactions they came in', async (t) => {
  const many = Array.from({ length: 300 }, (_, i) => ({ value: `${i} bad`, partition: i % 2 }));
  const { deadLetters } = await met(t, many, 300);
  const page = await deadLetters.listDeadLetters({ parent, pageSize: 1_000 });
  assert.equal(page.deadLetters.length, 100);
  const { purgedCount, more } = await deadLetters.purgeDeadLetters({ parent, all: true });
  assert.deepEqual([purgedCount, more], [300n, false]);
  assert.deepEqual((await deadLetters.listDeadLetters({ parent })).deadLetters, []);
});

test('a burst of bad records shows as DEGRADED, with figures', async (t) => {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const topic = await kafka.createTopic({ prefix: 'burst' });
  const { tasks } = under.connection;
  await under.define('bad', { topic });
  await tasks.startTask({ name: parent });
  await under.reach('bad', [State.RUNNING]);
  const records = Array.from({ length: 200 }, (_, i) => ({ value: i % 4 === 0 ? good : 'bad' }));
  await kafka.produceRecords(topic, records);
  const { status } = await under.reach('bad', [State.DEGRADED]);
  assert.equal(status?.reason, 'DEAD_LETTERING');
  assert.match(status.message, /^1\d\d of the \d+ records of the last minute/);
  assert.equal(status.processIsAlive, true);
});

test('brokers that cannot be reached, or not from here, are told apart in good time', async (t) => {
  const kafka = await kafkaForTests();
  const flags = ['--allow-egress', '127.0.0.1:1'];
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const { deadLetters } = under.connection;
  await under.define('bad', { topic: 'x', bootstrapServers: ['127.0.0.1:1'] });
  const begunAt = performance.now();
  const calls = [
    () => deadLetters.listDeadLetters({ parent }),
    () => deadLetters.replayDeadLetters({ parent, all: true }),
    () => deadLetters.purgeDeadLetters({ parent, all: true }),
  ];
  for (const call of calls) await assert.rejects(call, fails(Code.Unavailable, 'Kafka'));
  assert.ok(performance.now() - begunAt < 15_000);
});
