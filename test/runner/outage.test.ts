import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import kafkajs from 'kafkajs';
import { type LocalKafka, startKafka } from '../../src/demo/local-kafka.js';
import { type TestKafka, testKafka } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

describe('a runner whose broker fails', () => {
  let broker: LocalKafka;
  let kafka: TestKafka;
  before(async () => {
    // Everything is allowed to everybody but what a test denies.
    broker = await startKafka({
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    });
    kafka = testKafka(broker.bootstrapServers);
  });
  after(() => broker.stop());

  for (const [what, resourceType, right] of [
    ['consumer group', AclResourceTypes.GROUP, /READ on its consumer group/],
    ['transactional ids', AclResourceTypes.TRANSACTIONAL_ID, /WRITE on the transactional ids/],
  ] as const) {
    it(`ends for good and says which right is missing on its ${what}`, async () => {
      const source = await kafka.createTopic();
      const start = startMessage(kafka, { source, sink: `${source}-out` });
      const admin = kafka.client().admin();
      await admin.connect();
      const denied = {
        resourceType,
        resourceName: 'predictd',
        resourcePatternType: ResourcePatternTypes.PREFIXED,
        principal: 'User:ANONYMOUS',
        host: '*',
        operation: AclOperationTypes.ALL,
        permissionType: AclPermissionTypes.DENY,
      };
      await admin.createAcls({ acl: [denied] });
      try {
        using runner = new ForkedRunner(start);
        const outcome = await runner.outcome();
        assert.ok(outcome?.type === 'failed' && outcome.fatal, runner.output);
        assert.equal(outcome.reason, 'AUTHORIZATION_FAILED');
        assert.match(outcome.message, right);
      } finally {
        await admin.deleteAcls({ filters: [denied] });
        await admin.disconnect();
      }
    });
  }

  it('says so, goes on when it is back, and loses and doubles nothing', async () => {
    const source = await kafka.createTopic({ partitions: 2 });
    const start = startMessage(kafka, { source, sink: `${source}-out` });
    using runner = new ForkedRunner(start);
    await runner.ready();
    await kafka.produceRecords(source, irisMessages(500));
    await broker.kill();
    await runner.heartbeat(({ conditions }) =>
      conditions.some(({ type, status, reason }) => {
        return type === 'KafkaConnected' && status === 'FALSE' && reason === 'KAFKA_UNREACHABLE';
      }),
    );
    await broker.restart();
    await kafka.produceRecords(source, irisMessages(500, 500));
    await runner.heartbeat(({ counters }) => counters.recordsOut === 1_000, 60_000);
    const out = await kafka.readCommitted(`${source}-out`, { until: 1_000 });
    assert.equal(out.length, 1_000);
    assert.equal(new Set(out.map(({ key }) => key)).size, 1_000);
    await runner.heartbeat(({ conditions }) => conditions.every(({ status }) => status === 'TRUE'));
  });

  it('waits for a broker that is not there yet', async () => {
    const source = await kafka.createTopic();
    await kafka.produceRecords(source, irisMessages(10));
    await broker.kill();
    const start = startMessage(kafka, { source, sink: `${source}-out`, until: 'END' });
    using runner = new ForkedRunner(start);
    await runner.heartbeat(({ conditions }) => {
      return conditions.some(({ reason }) => reason === 'KAFKA_UNREACHABLE');
    });
    await broker.restart();
    assert.deepEqual(await runner.outcome(), { type: 'completed' });
  });

  it('stops while the broker is away', async () => {
    const source = await kafka.createTopic();
    using runner = new ForkedRunner(startMessage(kafka, { source, sink: `${source}-out` }));
    await runner.ready();
    await broker.kill();
    await runner.heartbeat(({ conditions }) => {
      return conditions.some(({ reason }) => reason === 'KAFKA_UNREACHABLE');
    });
    runner.stop();
    assert.deepEqual(await runner.outcome(), { type: 'stopped' });
  });
});
