import assert from 'node:assert/strict';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import kafkajs, { CompressionTypes } from 'kafkajs';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import type { TestKafka } from '../../support/kafka.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { describe, Stream } from '../stream.js';
import { withAdmin } from '../with-admin.js';

const good = '{"features":[5.1,3.5,1.4,0.2]}';
/** One of each kind: what is wrong, and the value. */
const poison: readonly (readonly [string, string | Buffer | null])[] = [
  ['not JSON', '{"features":[1,2'],
  ['no object', '42'],
  ['empty', ''],
  ['tombstone', null],
  ['too few columns', '{"features":[1,2,3]}'],
  ['too many columns', '{"features":[1,2,3,4,5]}'],
  ['a text', '{"features":[1,2,"three",4]}'],
  ['NaN', '{"features":[1,2,NaN,4]}'],
  ['null', '{"features":[1,2,null,4]}'],
  ['no field', '{"other":1}'],
  ['bad UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['bytes', Buffer.from([0, 1, 2, 3])],
  ['nested deep', `{"features":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
];

/** Fault 20. */
export const poisonRecords: FaultCase = {
  fault: 20,
  name: 'poison records',
  holds: 'each is dead-lettered with its cause and place; those after it flow, in order',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1 });
    const messages = poison.flatMap(([kind, value], index) => [
      { key: String(index), value: good, partition: 0 },
      { key: kind, value, partition: 0 },
    ]);
    await kafka.produceRecords(stream.source, messages);
    await kafka.produceRecords(stream.source, [{ key: String(poison.length), value: good }]);
    const deadTopic = `${stream.sink}.dead-letter`;
    const dead = await kafka.readCommitted(deadTopic, { until: poison.length });
    assert.deepEqual(
      dead.map(({ key }) => key),
      poison.map(([kind]) => kind),
    );
    for (const [index, { headers, value }] of dead.entries()) {
      assert.equal(headers['predictd-source-offset'], String(2 * index + 1));
      assert.equal(headers['predictd-source-topic'], stream.source);
      assert.match(headers['predictd-error-reason'] ?? '', /^[A-Z_]+$/);
      assert.equal(value, poison[index]?.[1]?.toString() ?? null);
    }
    const account = await stream.account({ alsoIn: deadTopic });
    const out = await kafka.readCommitted(stream.sink);
    assert.deepEqual(
      out.map(({ key }) => Number(key)),
      [...poison.keys(), poison.length],
    );
    assert.equal((await stream.status()).restartCount, 0);
    return { injected: poison.length, ...account };
  },
};

/** Fault 21. */
export const oversizeRecords: FaultCase = {
  fault: 21,
  name: 'records too large to write',
  holds: 'they are dead-lettered, without a restart; a lower limit of the sink is noticed',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1, start: false });
    await withSink(kafka, stream.sink, 4_096);
    await stream.start();
    await stream.running();
    const big = 'k'.repeat(6_000);
    await kafka.produceRecords(stream.source, [
      { key: '0', value: good },
      { key: big, value: good },
      { key: '1', value: good },
    ]);
    const deadTopic = `${stream.sink}.dead-letter`;
    const [dead] = await kafka.readCommitted(deadTopic, { until: 1 });
    assert.equal(dead?.headers['predictd-error-reason'], 'TOO_LARGE');
    await lowerLimit(kafka, stream.sink, 1_500);
    await stream.produce(2_000);
    const account = await stream.account({ alsoIn: deadTopic });
    const status = await stream.status();
    lab.note(describe(status));
    assert.equal(status.restartCount, 0);
    return { injected: 2, ...account };
  },
};

async function withSink(kafka: TestKafka, topic: string, maxBytes: number): Promise<void> {
  const configEntries = [{ name: 'max.message.bytes', value: String(maxBytes) }];
  const topics = [{ topic, numPartitions: 1, configEntries }];
  await withAdmin(kafka, (admin) => admin.createTopics({ topics }));
}

async function lowerLimit(kafka: TestKafka, topic: string, maxBytes: number): Promise<void> {
  const configEntries = [{ name: 'max.message.bytes', value: String(maxBytes) }];
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = [{ type, name: topic, configEntries }];
  await withAdmin(kafka, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

/** Fault 22. */
export const compressionBomb: FaultCase = {
  fault: 22,
  name: 'compression bomb',
  holds: 'memory stays bounded, and the API answers',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const topicSettings = { 'max.message.bytes': String(4 * 1024 * 1024) };
    const stream = await Stream.open(lab, { kafka, partitions: 1, topicSettings, records: 100 });
    await stream.caughtUp();
    const value = Buffer.alloc(400 * 1024 * 1024);
    assert.ok(gzipSync(value.subarray(0, 1024 * 1024)).length < 10_000);
    const producer = kafka.client().producer({ idempotent: true });
    await producer.connect();
    const messages = [{ key: 'bomb', value }];
    await producer.send({ topic: stream.source, compression: CompressionTypes.GZIP, messages });
    await producer.disconnect();
    await stream.produce(100);
    let memory = 0n;
    const status = await stream.until('an outcome', ({ memoryBytes, lastError, counters }) => {
      if (memoryBytes > memory) memory = memoryBytes;
      return (counters?.recordsIn ?? 0n) >= 201n || lastError !== '';
    });
    if (status.lastError !== '') assert.match(status.lastError, /SOURCE_CORRUPT.*inflates/);
    lab.note(`${describe(status)}; at most ${memory / 1_048_576n} MiB`);
    assert.ok(memory < 900n * 1_048_576n, `${memory} bytes`);
    return { injected: 1 };
  },
};

/** Fault 22 again. */
export const damagedLog: FaultCase = {
  fault: 22,
  name: 'a record batch with a wrong checksum',
  holds: 'nothing is predicted from it, nothing after it is skipped in silence, the reason says it',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1, start: false });
    await stream.produce(10);
    await stream.produce(10);
    await damageNewestByte(join(kafka.broker.directory, 'broker-1', 'logs', `${stream.source}-0`));
    await stream.start();
    const status = await stream.until('a reason', ({ lastError }) => lastError !== '');
    lab.note(describe(status));
    assert.match(status.lastError, /SOURCE_CORRUPT/);
    const out = await kafka.readCommitted(stream.sink);
    assert.ok(out.length <= 10, `${out.length} records were predicted`);
    return { injected: 1 };
  },
};

/** Flips a bit in the last record of a log; the broker sends the bytes as they are. */
async function damageNewestByte(directory: string): Promise<void> {
  const [log] = (await readdir(directory)).filter((name) => name.endsWith('.log'));
  const file = await open(join(directory, log ?? ''), 'r+');
  try {
    const byte = Buffer.alloc(1);
    const { size } = await file.stat();
    await file.read(byte, 0, 1, size - 12);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, size - 12);
  } finally {
    await file.close();
  }
}

/** Fault 23. */
export const deadLettersForbidden: FaultCase = {
  fault: 23,
  name: 'dead-letter topic: writing denied',
  holds: 'the task stops there and says why; started again with the right, it drops nothing',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1, records: 100 });
    await stream.caughtUp();
    const deadTopic = `${stream.sink}.dead-letter`;
    await withAdmin(kafka, (admin) => admin.createAcls({ acl: writingDenied(deadTopic) }));
    lab.after(() => allow(kafka, deadTopic));
    await kafka.produceRecords(stream.source, [{ key: 'bad', value: '{' }]);
    await stream.produce(100);
    const sick = await stream.until('FAILED', ({ state }) => state === State.FAILED);
    assert.match(sick.lastError, /AUTHORIZATION_FAILED/, describe(sick));
    assert.ok(sick.lastError.includes(deadTopic), describe(sick));
    assert.equal((await kafka.readCommitted(stream.sink)).length, 100, 'nothing after it');
    await allow(kafka, deadTopic);
    await stream.start();
    const startedAt = performance.now();
    await stream.caughtUp();
    const recoveryMs = [performance.now() - startedAt];
    return { injected: 1, ...(await stream.account({ alsoIn: deadTopic })), recoveryMs };
  },
};

/** Fault 23 again. */
export const deadLettersMissing: FaultCase = {
  fault: 23,
  name: 'dead-letter topic deleted',
  holds: 'the task waits and says why, drops nothing, and goes on when there is a topic',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1, records: 100 });
    await stream.caughtUp();
    const deadTopic = `${stream.sink}.dead-letter`;
    await withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [deadTopic] }));
    await kafka.produceRecords(stream.source, [{ key: 'bad', value: '{' }]);
    await stream.produce(100);
    const sick = await stream.until('a reason', ({ state }) => state !== State.RUNNING);
    lab.note(describe(sick));
    const topics = [{ topic: deadTopic, numPartitions: 1 }];
    await withAdmin(kafka, (admin) => admin.createTopics({ topics }));
    const backAt = performance.now();
    await stream.caughtUp();
    const recoveryMs = [performance.now() - backAt];
    return { injected: 1, ...(await stream.account({ alsoIn: deadTopic })), recoveryMs };
  },
};

/** Everything is allowed, except writing: a topic with any rule needs one for all that is allowed. */
function writingDenied(topic: string) {
  const rule = {
    resourceType: kafkajs.AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    principal: 'User:*',
    host: '*',
  };
  const { ALL, WRITE } = kafkajs.AclOperationTypes;
  const { ALLOW, DENY } = kafkajs.AclPermissionTypes;
  return [
    { ...rule, operation: ALL, permissionType: ALLOW },
    { ...rule, operation: WRITE, permissionType: DENY },
  ];
}

async function allow(kafka: TestKafka, topic: string): Promise<void> {
  const { ANY: operation } = kafkajs.AclOperationTypes;
  const { ANY: permissionType } = kafkajs.AclPermissionTypes;
  const filter = {
    resourceType: kafkajs.AclResourceTypes.TOPIC,
    resourceName: topic,
    resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
    operation,
    permissionType,
  };
  await withAdmin(kafka, (admin) => admin.deleteAcls({ filters: [filter] }));
}
