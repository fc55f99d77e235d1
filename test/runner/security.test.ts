import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type LocalKafka, startKafka } from '../../src/demo/local-kafka.js';
import type { Sasl } from '../../src/domain/task.js';
import { type TestKafka, testKafka } from '../support/kafka.js';
import { ForkedRunner, startMessage } from './forked-runner.js';
import { irisMessages } from './records.js';

const user = { name: 'task', password: 'pass-word-123' };
const plainLogin =
  'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
  `username="${user.name}" password="${user.password}" user_${user.name}="${user.password}";`;
const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';

describe('a runner that must authenticate', () => {
  let broker: LocalKafka;
  let kafka: TestKafka;
  before(async () => {
    broker = await startKafka({
      listeners: [{ name: 'SECURE', protocol: 'SASL_PLAINTEXT' }],
      scramUsers: [user],
      properties: {
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        'listener.name.secure.plain.sasl.jaas.config': plainLogin,
        'listener.name.secure.scram-sha-256.sasl.jaas.config': scramLogin,
        'listener.name.secure.scram-sha-512.sasl.jaas.config': scramLogin,
      },
    });
    kafka = testKafka(broker.bootstrapServers);
  });
  after(() => broker.stop());

  async function outcomeWith(sasl: Sasl) {
    const source = await kafka.createTopic();
    await kafka.produceRecords(source, irisMessages(10));
    const secure = broker.addressesOf('SECURE').split(',');
    const start = startMessage(kafka, {
      source,
      sink: `${source}-out`,
      until: 'END',
      sourceParts: { sasl },
    });
    using runner = new ForkedRunner({ ...start, bootstrapServers: secure, allowEgress: secure });
    return await runner.outcome();
  }

  for (const mechanism of ['PLAIN', 'SCRAM_SHA_256', 'SCRAM_SHA_512'] as const) {
    it(`predicts with ${mechanism}`, async () => {
      const sasl = { mechanism, username: user.name, password: user.password };
      assert.deepEqual(await outcomeWith(sasl), { type: 'completed' });
    });
  }

  it('fails for good with a wrong password, and does not repeat it', async () => {
    const sasl = { mechanism: 'SCRAM_SHA_256', username: user.name, password: 'wrong' } as const;
    const outcome = await outcomeWith(sasl);
    assert.ok(outcome?.type === 'failed' && outcome.fatal);
    assert.equal(outcome.reason, 'AUTHENTICATION_FAILED');
    assert.ok(!outcome.message.includes('wrong'));
  });
});
