import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RecordTooLargeError } from '../../src/kafka/codec-errors.js';
import type { BatchIdentity } from '../../src/kafka/encoded-batch.js';
import { encodePlainMessages, encodeProduceRequest } from '../../src/kafka/produce-request.js';
import { RecordBatchWriter } from '../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../src/kafka/record-source.js';
import { kafkajsCodec, plain, readAll } from './support.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((a) => Buffer.from(a));
const headerValue = fc.oneof(bytes(20), fc.string());
const record = fc.record({
  key: fc.option(bytes(200), { nil: null }),
  value: fc.option(bytes(600), { nil: null }),
  timestampMs: fc.oneof(
    fc.integer({ min: 1_700_000_000_000, max: 1_700_000_100_000 }),
    fc.integer({ min: 1, max: 8_640_000_000_000_000 }),
  ),
  headers: fc.dictionary(
    fc.string({ maxLength: 90 }),
    fc.oneof(headerValue, fc.array(headerValue, { minLength: 1, maxLength: 3 })),
    { maxKeys: 4 },
  ),
});
const identity: fc.Arbitrary<BatchIdentity> = fc.record({
  transactional: fc.boolean(),
  producerId: fc.bigInt({ min: -1n, max: 2n ** 62n }),
  producerEpoch: fc.integer({ min: 0, max: 32767 }),
  baseSequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  compression: fc.constant(0),
});
type Row = typeof record extends fc.Arbitrary<infer R> ? R : never;

describe('RecordBatchWriter', () => {
  test("writes byte for byte what kafkajs's encoder writes", async () => {
    const rows = fc.array(record, { minLength: 1, maxLength: 130 });
    await fc.assert(
      fc.asyncProperty(rows, identity, async (list, who) => {
        const writer = new RecordBatchWriter({ maxBatchBytes: 10_000_000 });
        for (const row of list) writer.append(recordSource(row), row.value);
        const [batch] = writer.finish();
        assert.equal(batch?.length, list.length);
        assert.deepEqual(batch?.seal(who), await kafkajsBatch(list, who));
      }),
      { numRuns: 200 },
    );
  });

  test('takes keys, headers and times of fetched records as they are', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), (list) => {
        const writer = new RecordBatchWriter({ maxBatchBytes: 10_000_000 });
        for (const row of list) writer.append(recordSource(row), row.value);
        const fetched = readAll(sealed(writer)).records;
        const copy = new RecordBatchWriter({ maxBatchBytes: 10_000_000 });
        for (const one of fetched) copy.append(one, one.value);
        assert.deepEqual(sealed(copy), sealed(writer));
      }),
      { numRuns: 100 },
    );
  });

  test('writes only the first bytes of a scratch buffer when told its length', () => {
    const writer = new RecordBatchWriter();
    const scratch = Buffer.from('abcdef');
    writer.append(recordSource({ key: 'k', timestampMs: 5 }), scratch, 3);
    scratch.fill(0);
    assert.deepEqual(readAll(sealed(writer)).records.map(plain), [
      { key: 'k', value: 'abc', timestampMs: 5, headers: {} },
    ]);
  });

  test('splits so that no batch is over the limit and no record is lost or moved', () => {
    const sizes = fc.array(fc.nat(900), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1000, max: 5000 }), (list, maxBatchBytes) => {
        const writer = new RecordBatchWriter({ maxBatchBytes });
        for (const [i, size] of list.entries()) {
          writer.append(recordSource({ key: `${i}`, timestampMs: i }), Buffer.alloc(size));
        }
        const batches = writer.finish();
        const keys = batches.flatMap((batch) => {
          const wire = batch.seal(NOBODY);
          assert.ok(wire.length <= maxBatchBytes);
          assert.equal(batch.byteLength, wire.length);
          return readAll(wire).records.map((one) => Number(one.key?.toString()));
        });
        assert.deepEqual(keys, [...list.keys()]);
        assert.equal(writer.recordCount, list.length);
      }),
      { numRuns: 100 },
    );
  });

  test('refuses a record that alone is over the limit and keeps those before and after it', () => {
    const writer = new RecordBatchWriter({ maxBatchBytes: 1000 });
    const source = recordSource({ timestampMs: 1 });
    writer.append(source, Buffer.from('before'));
    assert.throws(
      () => writer.append(source, Buffer.alloc(1000)),
      (error) => error instanceof RecordTooLargeError && error.limitBytes === 1000,
    );
    writer.append(source, Buffer.from('after'));
    const values = readAll(sealed(writer)).records.map((one) => one.value?.toString());
    assert.deepEqual(values, ['before', 'after']);
  });

  test('begins anew after a reset', () => {
    const writer = new RecordBatchWriter();
    writer.append(recordSource({ timestampMs: 1 }), Buffer.from('old'));
    writer.finish();
    writer.reset();
    assert.deepEqual(writer.finish(), []);
    writer.append(recordSource({ timestampMs: 2 }), Buffer.from('new'));
    assert.deepEqual(
      readAll(sealed(writer)).records.map((one) => one.value?.toString()),
      ['new'],
    );
  });

  test('compressed batches inflate to the same records', () => {
    for (const compression of [1, 2, 3]) {
      const writer = new RecordBatchWriter();
      for (let i = 0; i < 500; i++) {
        writer.append(recordSource({ key: `${i}`, timestampMs: i }), Buffer.from(`value ${i}`));
      }
      const [batch] = writer.finish();
      const wire = batch?.seal({ ...NOBODY, compression }) ?? Buffer.alloc(0);
      assert.ok(wire.length < (batch?.byteLength ?? 0));
      assert.equal(readAll(wire).records[499]?.value?.toString(), 'value 499');
    }
  });
});

describe('encodeProduceRequest', () => {
  for (const version of [3, 7]) {
    test(`writes byte for byte what kafkajs writes in version ${version}`, async () => {
      const message = fc.record({
        key: fc.option(fc.oneof(bytes(30), fc.string()), { nil: null }),
        value: fc.oneof(bytes(100), fc.string()),
        headers: fc.dictionary(fc.string(), headerValue, { maxKeys: 2 }),
      });
      const args = fc.record({
        acks: fc.constantFrom(-1, 0, 1),
        timeout: fc.nat(60000),
        transactionalId: fc.option(fc.string({ minLength: 1 })),
        producerId: fc.constantFrom(-1, '7', '9007199254740993'),
        producerEpoch: fc.nat(100),
        topicData: fc.array(
          fc.record({
            topic: fc.string(),
            partitions: fc.array(
              fc.record({
                partition: fc.nat(100),
                firstSequence: fc.nat(1000),
                messages: fc.array(message, { minLength: 1, maxLength: 5 }),
              }),
            ),
          }),
          { maxLength: 3 },
        ),
      });
      await fc.assert(
        fc.asyncProperty(args, async (given) => {
          const stamped = withTimes(given);
          const own = encodeProduceRequest(stamped, 0);
          const theirs = await kafkajsCodec.produceRequest(version, stamped);
          assert.deepEqual(own.buffer, theirs.buffer);
        }),
        { numRuns: 100 },
      );
    });
  }

  test('gives messages without a time the time of sending', () => {
    const batch = encodePlainMessages([{ value: 'v' }], 1234);
    assert.equal(readAll(batch.seal(NOBODY)).records[0]?.timestampMs, 1234);
  });
});

const NOBODY: BatchIdentity = {
  transactional: false,
  producerId: -1n,
  producerEpoch: 0,
  baseSequence: 0,
  compression: 0,
};

function sealed(writer: RecordBatchWriter): Buffer {
  return Buffer.concat(writer.finish().map((batch) => batch.seal(NOBODY)));
}

async function kafkajsBatch(rows: readonly Row[], who: BatchIdentity): Promise<Buffer> {
  const firstTimestamp = rows[0]?.timestampMs ?? 0;
  const encoder = await kafkajsCodec.recordBatch({
    ...who,
    firstSequence: who.baseSequence,
    firstTimestamp,
    maxTimestamp: Math.max(...rows.map((row) => row.timestampMs)),
    lastOffsetDelta: rows.length - 1,
    records: rows.map((row, i) =>
      kafkajsCodec.record({
        ...row,
        offsetDelta: i,
        timestampDelta: row.timestampMs - firstTimestamp,
      }),
    ),
  });
  return encoder.buffer;
}

/**
 * One time for all messages of a partition: kafkajs takes the least text for the first time, which
 * is another base.
 */
function withTimes<T extends { topicData: { partitions: { messages: object[] }[] }[] }>(args: T) {
  return {
    ...args,
    topicData: args.topicData.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((entry) => ({
        ...entry,
        messages: entry.messages.map((message) => ({ ...message, timestamp: '1700000000000' })),
      })),
    })),
  } as T & {
    topicData: {
      topic: string;
      partitions: { partition: number; firstSequence: number; messages: object[] }[];
    }[];
  };
}
