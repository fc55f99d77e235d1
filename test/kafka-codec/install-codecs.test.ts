import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { afterEach, describe, test } from 'node:test';
import { CompressionTypes, type Producer, type Transaction } from 'kafkajs';
import type { EncodedBatch } from '../../src/kafka/encoded-batch.js';
import {
  installCodecs,
  isFastCodecInstalled,
  uninstallFastCodec,
} from '../../src/kafka/install-codecs.js';
import { RecordBatchWriter } from '../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../src/kafka/record-source.js';
import { kafkaForTests, type ReadRecord, uniqueName } from '../support/kafka.js';
import { sendEncoded } from './send-encoded.js';

const require = createRequire(import.meta.url);

/** Every member of kafkajs that the fast codec replaces. */
function touchedMembers(): unknown[] {
  const of = (path: string) => require(`kafkajs/src/${path}`);
  return [
    of('protocol/requests/produce').protocol,
    of('protocol/requests/fetch').protocol,
    of('network/connection').prototype.processData,
    of('network/requestQueue').prototype.scheduleCheckPendingRequests,
  ];
}

/** Small, so that a few records are several batches. */
const SPLIT_BYTES = 2000;
const CODECS = ['fast', 'kafkajs'] as const;
type Codec = (typeof CODECS)[number];

afterEach(uninstallFastCodec);

describe('on a broker', () => {
  for (const writing of CODECS) {
    test(`a transaction sent by the ${writing} codec is read by both`, async () => {
      const kafka = await kafkaForTests();
      const topic = await kafka.createTopic({ prefix: 'codec', partitions: 2 });
      use(writing);
      await withProducer(uniqueName('tx'), async (producer) => {
        for (const [name, end] of [
          ['first', 'commit'],
          ['aborted', 'abort'],
          ['second', 'commit'],
        ] as const) {
          const transaction: Transaction = await producer.transaction();
          const batches = new Map([
            [0, encoded(`${name}-0`, 100)],
            [1, encoded(`${name}-1`, 30)],
          ]);
          const metadata = await sendEncoded(transaction, { topic, batches });
          assert.equal(metadata.length, batchCount(batches));
          await transaction[end]();
        }
      });
      for (const reading of CODECS) {
        use(reading);
        const records = await kafka.readCommitted(topic, { until: 260 });
        assert.deepEqual(valuesOf(records, 0), [
          ...values('first-0', 100),
          ...values('second-0', 100),
        ]);
        assert.deepEqual(valuesOf(records, 1), [
          ...values('first-1', 30),
          ...values('second-1', 30),
        ]);
        const [one] = records;
        assert.deepEqual(one?.headers, { trace: 't0' });
        assert.equal(one?.timestamp, 1_700_000_000_000);
      }
    });
  }

  for (const [name, compression] of Object.entries(CompressionTypes)) {
    if (typeof compression !== 'number' || compression === CompressionTypes.ZSTD) continue;
    test(`messages and batches compressed with ${name} are read by both codecs`, async () => {
      const kafka = await kafkaForTests();
      const topic = await kafka.createTopic({ prefix: 'codec' });
      use('fast');
      await withProducer(undefined, async (producer) => {
        await sendEncoded(producer, {
          topic,
          compression,
          batches: new Map([[0, encoded('a', 50)]]),
        });
        const messages = values('b', 50).map((value) => ({ value }));
        await producer.send({ topic, compression, messages });
        uninstallFastCodec();
        await producer.send({ topic, compression, messages });
      });
      const expected = [...values('a', 50), ...values('b', 50), ...values('b', 50)];
      for (const reading of CODECS) {
        use(reading);
        const records = await kafka.readCommitted(topic, { until: 150 });
        assert.deepEqual(valuesOf(records, 0), expected);
      }
    });
  }

  test('a batch over the limit of the topic is refused, and the producer goes on', async () => {
    const kafka = await kafkaForTests();
    const settings = { 'max.message.bytes': '1000' };
    const topic = await kafka.createTopic({ prefix: 'codec', settings });
    use('fast');
    await withProducer(undefined, async (producer) => {
      const send = (batches: EncodedBatch[]) =>
        sendEncoded(producer, { topic, batches: new Map([[0, batches]]) });
      await send(encoded('small', 3));
      await assert.rejects(send(encoded('large', 100)), /larger than the max message size/);
      await send(encoded('small', 3));
    });
    const records = await kafka.readCommitted(topic, { until: 6 });
    assert.deepEqual(valuesOf(records, 0), [...values('small', 3), ...values('small', 3)]);
  });
});

describe('installCodecs', () => {
  test('says why the fast codec is not in use, once', () => {
    const reasons: string[] = [];
    const onFallback = (reason: string) => reasons.push(reason);
    assert.equal(installCodecs({ fastCodec: false, onFallback }), false);
    assert.equal(installCodecs({ fastCodec: false, onFallback }), false);
    assert.equal(isFastCodecInstalled(), false);
    assert.deepEqual(reasons, ['it is switched off']);
  });

  test('changes nothing of kafkajs but its compression when it is switched off', () => {
    installCodecs({ fastCodec: false });
    const untouched = touchedMembers();
    uninstallFastCodec();
    installCodecs();
    for (const [index, member] of touchedMembers().entries()) {
      assert.notEqual(member, untouched[index]);
    }
    uninstallFastCodec();
    installCodecs({ fastCodec: false });
    assert.deepEqual(touchedMembers(), untouched);
  });

  test('installs once however often it is called', () => {
    assert.equal(installCodecs(), true);
    assert.equal(installCodecs({ fastCodec: false }), true);
    assert.equal(isFastCodecInstalled(), true);
  });
});

function use(codec: Codec): void {
  uninstallFastCodec();
  assert.equal(installCodecs({ fastCodec: codec === 'fast' }), codec === 'fast');
}

async function withProducer(
  transactionalId: string | undefined,
  action: (producer: Producer) => Promise<void>,
): Promise<void> {
  const kafka = await kafkaForTests();
  const transactional = transactionalId === undefined ? {} : { transactionalId };
  const producer = kafka
    .client()
    .producer({ idempotent: true, maxInFlightRequests: 1, ...transactional });
  await producer.connect();
  try {
    await action(producer);
  } finally {
    await producer.disconnect();
  }
}

function encoded(name: string, count: number): EncodedBatch[] {
  const writer = new RecordBatchWriter({ maxBatchBytes: SPLIT_BYTES });
  for (const [i, value] of values(name, count).entries()) {
    const headers = { trace: `t${i}` };
    const source = recordSource({ key: `${i}`, headers, timestampMs: 1_700_000_000_000 + i });
    writer.append(source, Buffer.from(value));
  }
  return writer.finish();
}

function batchCount(batches: ReadonlyMap<number, readonly EncodedBatch[]>): number {
  return [...batches.values()].reduce((sum, list) => sum + list.length, 0);
}

function values(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}:${i}`);
}

function valuesOf(records: readonly ReadRecord[], partition: number): (string | null)[] {
  return records.filter((one) => one.partition === partition).map(({ value }) => value);
}
