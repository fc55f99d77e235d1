import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CorruptRecordBatchError } from '../../src/kafka/codec-errors.js';
import { crc32c } from '../../src/kafka/crc32c.js';
import { decodeFetchResponse, FetchedMessages } from '../../src/kafka/fetch-response.js';
import { frameMemory } from '../../src/kafka/frame-memory.js';
import { installCodecs } from '../../src/kafka/install-codecs.js';
import { type AbortedTransaction, scanRecordBatches } from '../../src/kafka/record-batch-reader.js';
import { RecordBatchWriter } from '../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../src/kafka/record-source.js';
import { fixtures, type KafkajsMessage, kafkajsCodec, plain, readAll } from './support.js';

// kafkajs's own decoder, which ours is compared with, needs the codecs of the fixtures.
installCodecs({ fastCodec: false });

const PLACE = { topic: 'orders', partition: 4, fetchOffset: 0n, abortedTransactions: [] };
const FIELDS = [
  'magicByte',
  'attributes',
  'timestamp',
  'offset',
  'key',
  'value',
  'headers',
  'isControlRecord',
  'batchContext',
] as const;

describe('scanRecordBatches', () => {
  test("gives every field as kafkajs's own decoder does", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), async (specs) => {
        const recordSet = Buffer.concat(specs.map(encode));
        const own = readAll(recordSet).records;
        const theirs = await kafkajsCodec.decodeMessages(recordSet);
        const visible = theirs.filter((message) => !message.isControlRecord);
        assert.deepEqual(own.map(fieldsOf), visible.map(fieldsOf));
      }),
      { numRuns: 150 },
    );
  });

  test('gives any stretch of the records as the whole has them', () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 4 }), fc.nat(50), fc.nat(50), (specs, from, to) => {
        const recordSet = Buffer.concat(specs.map(encode));
        const all = readAll(recordSet).records;
        const { records } = scanRecordBatches({ ...PLACE, recordSet });
        assert.equal(records.length, all.length);
        assert.deepEqual(records.slice(from, to).map(fieldsOf), all.slice(from, to).map(fieldsOf));
        assert.equal(records.at(from)?.offset, all.at(from)?.offset);
      }),
      { numRuns: 150 },
    );
  });

  test("gives what Java wrote as kafkajs's own decoder does", async () => {
    const recordSet = fixtures('java-batches.tsv').get('none') ?? Buffer.alloc(0);
    const theirs = await kafkajsCodec.decodeMessages(recordSet);
    assert.deepEqual(readAll(recordSet).records.map(fieldsOf), theirs.map(fieldsOf));
  });

  test('stops before a batch that is cut off, wherever the cut is', () => {
    const first = encode(oneRecord('first'));
    const both = Buffer.concat([first, encode(oneRecord('second'))]);
    for (let length = 0; length < both.length; length++) {
      const { records, batchCount } = readAll(both.subarray(0, length));
      assert.equal(batchCount, length >= first.length ? 1 : 0);
      assert.equal(records.length, batchCount);
    }
  });

  test('names topic, partition and offset of a batch whose CRC is wrong', () => {
    const good = encode({ ...oneRecord('first'), baseOffset: 70 });
    const bad = encode({ ...oneRecord('second'), baseOffset: 71 });
    bad.writeUInt8(bad.readUInt8(bad.length - 2) ^ 1, bad.length - 2);
    assert.throws(
      () => scanRecordBatches({ ...PLACE, recordSet: Buffer.concat([good, bad]) }),
      (error) => {
        assert.ok(error instanceof CorruptRecordBatchError);
        assert.deepEqual(error.place, { topic: 'orders', partition: 4, offset: '71' });
        assert.match(
          error.message,
          /^Record batch of orders-4 at offset 71 is corrupt: its CRC is/,
        );
        assert.equal(error.retriable, false);
        return true;
      },
    );
  });

  test('a damaged batch is an error even when its CRC is right', () => {
    const source = encode(oneRecord('some value', 'some key'));
    const change = fc.array(
      fc.tuple(fc.integer({ min: 57, max: source.length - 1 }), fc.nat(255)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(change, (changes) => {
        const damaged = Buffer.from(source);
        for (const [at, byte] of changes) damaged[at] = byte;
        damaged.writeUInt32BE(crc32c(damaged.subarray(21)), 17);
        try {
          for (const record of readAll(damaged).records) plain(record);
        } catch (error) {
          assert.match(String(error), /Record(Batch)?Error/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a batch that inflates over the limit is named', () => {
    const recordSet = encode({ ...oneRecord('x'.repeat(5000)), compression: 1 });
    assert.throws(
      () => scanRecordBatches({ ...PLACE, recordSet, maxInflatedBytes: 4096 }),
      /orders-4 at offset 0 is corrupt: the gzip data inflates to more than 4096 bytes/,
    );
  });

  test('leaves out records before the offset asked for', () => {
    const recordSet = fixtures('java-batches.tsv').get('lz4') ?? Buffer.alloc(0);
    const { records } = scanRecordBatches({ ...PLACE, recordSet, fetchOffset: 1290n });
    assert.deepEqual(
      records.slice().map((record) => record.offset),
      ['1290', '1291', '1292', '1293', '1294', '1295', '1296', '1297', '1298', '1299'],
    );
  });

  test('keeps offsets beyond 2^53 exact', () => {
    const recordSet = encode(oneRecord('x'));
    recordSet.writeBigInt64BE(9007199254740993n, 0);
    assert.equal(readAll(recordSet).records[0]?.offset, '9007199254740993');
  });
});

describe('transactions as Java wrote them', () => {
  const log = fixtures('java-batches.tsv').get('transactions') ?? Buffer.alloc(0);
  // As the broker lists them, in the order they ended: 8's from 2 to 7, 7's second from 5 to 9.
  const aborted = [
    { producerId: '8', firstOffset: '2' },
    { producerId: '7', firstOffset: '5' },
  ];
  const values = (abortedTransactions: readonly AbortedTransaction[], fetchOffset = 0n) =>
    scanRecordBatches({ ...PLACE, recordSet: log, abortedTransactions, fetchOffset })
      .records.slice()
      .map((record) => record.value?.toString());

  test('hides markers and the records of aborted transactions only', () => {
    assert.deepEqual(values(aborted), ['a0', 'a1', 'b3', 'c0', 'c1']);
  });

  test('hides them in whatever order the broker lists the transactions', () => {
    assert.deepEqual(values([...aborted].reverse()), ['a0', 'a1', 'b3', 'c0', 'c1']);
  });

  test('hides them when the fetch begins where two are open, of which kafkajs shows one', () => {
    assert.deepEqual(values(aborted, 5n), ['b3', 'c0', 'c1']);
    assert.deepEqual(values(aborted, 6n), ['b3', 'c0', 'c1']);
  });

  test('shows all but markers when reading uncommitted', () => {
    assert.deepEqual(values([]), ['a0', 'a1', 'b0', 'b1', 'a2', 'b2', 'b3', 'c0', 'c1']);
  });
});

describe("kafkajs's consumer sees the same batch", () => {
  const log = fixtures('java-batches.tsv').get('transactions') ?? Buffer.alloc(0);

  test('from every offset of a log with transactions', async () => {
    for (let offset = 0n; offset <= 12n; offset++) {
      // The broker lists the transactions that end at the offset or later.
      const ofEight = { producerId: '8', firstOffset: '2' };
      const ofSeven = { producerId: '7', firstOffset: '5' };
      for (const aborted of [[], offset <= 7n ? [ofEight] : [], offset <= 9n ? [ofSeven] : []]) {
        await assertSameBatch(batchesFrom(log, offset), offset, aborted);
      }
    }
  });

  test('for random batches and offsets', async () => {
    const batches = fc.array(batch, { minLength: 0, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(40), async (specs, fetchOffset) => {
        let next = 0;
        const recordSet = Buffer.concat(
          specs.map((spec) => {
            const encoded = encode({ ...spec, baseOffset: next });
            next += spec.records.length;
            return encoded;
          }),
        );
        await assertSameBatch(recordSet, BigInt(fetchOffset), []);
      }),
      { numRuns: 150 },
    );
  });

  test('and goes past a batch that compaction emptied, where kafkajs stays for ever', () => {
    const empty = encode(oneRecord('gone')).subarray(0, 61);
    empty.writeInt32BE(61 - 12, 8);
    empty.writeInt32BE(9, 23);
    empty.writeInt32BE(0, 57);
    empty.writeUInt32BE(crc32c(empty.subarray(21)), 17);
    const scanned = scanRecordBatches({ ...PLACE, recordSet: empty });
    const seen = consumerBatch(5n, new FetchedMessages(5n, scanned), []);
    assert.equal(seen.isEmptyDueToFiltering(), true);
    assert.equal(seen.lastOffset(), '9');
  });
});

describe('decodeFetchResponse', () => {
  for (let version = 4; version <= 11; version++) {
    test(`gives what kafkajs gives for version ${version}`, async () => {
      const recordSet = encode(oneRecord('value', 'key'));
      const response = fetchResponse(version, recordSet);
      const own = await decodeFetchResponse(response, {
        version,
        fetchOffsetOf: () => 0n,
        decodeMessageSet: () => Promise.reject(new Error('not a message set')),
      });
      const theirs = await kafkajsCodec.fetchResponse(version, response);
      assert.deepEqual(flatten(own), flatten(theirs));
    });
  }

  test('gives the memory of a response back when all its partitions are done with', async () => {
    const response = fetchResponse(11, encode(oneRecord('v'.repeat(300_000))));
    const frame = frameMemory.take(response.length);
    response.copy(frame);
    const { partitions } = await decodePartitions(frame);
    const isFree = () => frameMemory.take(response.length).buffer === frame.buffer;
    const [first, second] = partitions.map(({ messages }) => messages.release);
    first?.();
    first?.();
    assert.equal(isFree(), false, 'one of two lets go, twice');
    second?.();
    assert.equal(isFree(), true);
  });

  test('keeps the memory of a response with records of an older format', async () => {
    const old = Buffer.alloc(300_000);
    const response = fetchResponse(11, old);
    const frame = frameMemory.take(response.length);
    response.copy(frame);
    const { partitions } = await decodePartitions(frame);
    for (const { messages } of partitions) messages.release?.();
    assert.notEqual(frameMemory.take(response.length).buffer, frame.buffer);
  });
});

/** A response of version 11, its single topic. */
async function decodePartitions(response: Buffer) {
  const { responses } = (await decodeFetchResponse(response, {
    version: 11,
    fetchOffsetOf: () => 0n,
    decodeMessageSet: async () => [],
  })) as { responses: { partitions: { messages: Partial<FetchedMessages> }[] }[] };
  const [topic] = responses;
  assert.ok(topic !== undefined);
  return topic;
}

interface BatchSpec {
  readonly baseOffset: number;
  readonly compression: number;
  readonly transactional: boolean;
  readonly logAppendTime: boolean;
  readonly records: readonly RecordSpec[];
}
interface RecordSpec {
  readonly key: string | null;
  readonly value: string | null;
  readonly timestampMs: number;
  readonly headers: Record<string, string | string[]>;
}

const name = fc.string({ maxLength: 8 }).filter((text) => !(text in {}));
const batch: fc.Arbitrary<BatchSpec> = fc.record({
  baseOffset: fc.nat(),
  compression: fc.constantFrom(0, 1),
  transactional: fc.boolean(),
  logAppendTime: fc.boolean(),
  records: fc.array(
    fc.record({
      key: fc.option(fc.string()),
      value: fc.option(fc.string({ maxLength: 300 })),
      timestampMs: fc.oneof(fc.nat(), fc.integer({ min: 1, max: 8_640_000_000_000_000 })),
      headers: fc.dictionary(name, fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 2 })), {
        maxKeys: 3,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

function oneRecord(value: string, key: string | null = null): BatchSpec {
  const records = [{ key, value, timestampMs: 1_700_000_000_000, headers: { a: 'b' } }];
  return { baseOffset: 0, compression: 0, transactional: false, logAppendTime: false, records };
}

function encode(spec: BatchSpec): Buffer {
  const writer = new RecordBatchWriter();
  for (const { value, ...facts } of spec.records) {
    writer.append(recordSource(facts), value === null ? null : Buffer.from(value));
  }
  const [encoded] = writer.finish();
  assert.ok(encoded !== undefined);
  const { transactional, compression } = spec;
  const identity = { producerId: 11n, producerEpoch: 2, baseSequence: 5 };
  const bytes = Buffer.from(encoded.seal({ ...identity, transactional, compression }));
  bytes.writeBigInt64BE(BigInt(spec.baseOffset), 0);
  if (spec.logAppendTime) bytes.writeInt16BE(bytes.readInt16BE(21) | 8, 21);
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17);
  return bytes;
}

function fieldsOf(message: object): Record<string, unknown> {
  const from = message as Record<string, unknown>;
  return Object.fromEntries(
    FIELDS.map((field) => [
      field,
      field === 'batchContext' ? { ...asRecord(from[field]) } : from[field],
    ]),
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null);
  return value as Record<string, unknown>;
}

function consumerBatch(
  fetchOffset: bigint,
  messages: FetchedMessages | KafkajsMessage[],
  abortedTransactions: readonly AbortedTransaction[],
) {
  const data = { partition: 4, highWatermark: '20', abortedTransactions, messages };
  return new kafkajsCodec.Batch('orders', String(fetchOffset), data);
}

/** What a broker answers with: whole batches, from the one that holds the offset. */
function batchesFrom(log: Buffer, offset: bigint): Buffer {
  let start = 0;
  while (log.readBigInt64BE(start) + BigInt(log.readInt32BE(start + 23)) < offset) {
    start += 12 + log.readInt32BE(start + 8);
  }
  return log.subarray(start);
}

async function assertSameBatch(
  recordSet: Buffer,
  fetchOffset: bigint,
  abortedTransactions: AbortedTransaction[],
): Promise<void> {
  const read = scanRecordBatches({ ...PLACE, recordSet, fetchOffset, abortedTransactions });
  const own = consumerBatch(fetchOffset, new FetchedMessages(fetchOffset, read), []);
  const messages = await kafkajsCodec.decodeMessages(recordSet);
  const theirs = consumerBatch(fetchOffset, messages, abortedTransactions);
  assert.deepEqual(own.messages.map(fieldsOf), theirs.messages.map(fieldsOf));
  assert.equal(own.isEmpty(), theirs.isEmpty());
  assert.equal(own.isEmptyIncludingFiltered(), theirs.isEmptyIncludingFiltered());
  assert.equal(own.isEmptyDueToFiltering(), theirs.isEmptyDueToFiltering());
  assert.equal(own.lastOffset(), theirs.lastOffset());
  assert.equal(own.offsetLag(), theirs.offsetLag());
}

/**
 * One topic with two partitions: one with the records and an aborted transaction elsewhere, one
 * without records.
 */
function fetchResponse(version: number, recordSet: Buffer): Buffer {
  const parts: Buffer[] = [];
  const int = (size: 2 | 4 | 8, value: number) => {
    const bytes = Buffer.alloc(size);
    if (size === 8) bytes.writeBigInt64BE(BigInt(value));
    else bytes.writeIntBE(value, 0, size);
    parts.push(bytes);
  };
  int(4, 250);
  if (version >= 7) {
    int(2, 0);
    int(4, 99);
  }
  int(4, 1);
  int(2, 6);
  parts.push(Buffer.from('orders'));
  int(4, 2);
  for (const records of [recordSet, undefined]) {
    int(4, records === undefined ? 1 : 0);
    int(2, 0);
    int(8, 40);
    int(8, 39);
    if (version >= 5) int(8, 3);
    int(4, -1);
    if (version >= 11) int(4, -1);
    int(4, records?.length ?? -1);
    if (records !== undefined) parts.push(records);
  }
  return Buffer.concat(parts);
}

/** The response with the messages as a consumer reading from the start would get them. */
function flatten(response: object): unknown {
  const { responses, ...rest } = response as { responses: { partitions: object[] }[] };
  return {
    ...rest,
    responses: responses.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) => {
        const { messages, ...head } = partition as { messages: KafkajsMessage[] };
        return { ...head, messages: consumerBatch(0n, messages, []).messages.map(fieldsOf) };
      }),
    })),
  };
}
