import { createRequire } from 'node:module';
import { CompressionCodec, compress, decompress } from '../../src/kafka/compression.js';
import { crc32c } from '../../src/kafka/crc32c.js';
import { encodeProduceRequest } from '../../src/kafka/produce-request.js';
import { scanRecordBatches } from '../../src/kafka/record-batch-reader.js';
import { RecordBatchWriter } from '../../src/kafka/record-batch-writer.js';
import { recordSource } from '../../src/kafka/record-source.js';
import { NumberScanner } from '../../src/predict/scan-numbers.js';
import type { NumberLayout } from '../../src/predict/scan-reference.js';

/**
 * Prints what each piece of the codec costs beside what it replaces, as tab-separated lines: piece,
 * CPU nanoseconds a record, and how many times faster than the line it stands under. Ends within
 * twenty seconds.
 */
const MEASURE_MS = 350;
const WARM_UP_MS = 150;
/** Records in a batch: what a busy partition's fetch holds. */
const RECORDS = 1000;

const require = createRequire(import.meta.url);
const source = (path: string) => require(`kafkajs/src/${path}`);

process.stdout.write('piece\tns_per_record\ttimes_faster\n');
await benchWriter();
await benchReader();
await benchCompression();
for (const [width, digits] of [
  [4, 2],
  [30, 17],
  [784, 6],
] as const) {
  await benchScanner(width, digits);
}

async function benchWriter(): Promise<void> {
  const produceRequest = source('protocol/requests/produce/v7/request');
  const group = source('producer/groupMessagesPerPartition');
  const value = Buffer.from('{"label":1,"probabilities":[0.1,0.9]}');
  const timestamp = '1700000000000';
  const messages = Array.from({ length: RECORDS }, () => ({
    key: null,
    value,
    timestamp,
    partition: 0,
  }));
  const topicData = (grouped: unknown) => [
    { topic: 't', partitions: [{ partition: 0, firstSequence: 0, messages: grouped }] },
  ];
  const args = {
    acks: -1,
    timeout: 30_000,
    transactionalId: 'x',
    producerId: '7',
    producerEpoch: 0,
  };
  const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
  const baseline = await measure('produce: kafkajs', async () => {
    const grouped = group({ topic: 't', partitionMetadata: [0], messages, partitioner });
    await produceRequest({ ...args, topicData: topicData(grouped[0]) }).encode();
  });
  const facts = recordSource({ timestampMs: 1_700_000_000_000 });
  const writer = new RecordBatchWriter();
  await measure(
    'produce: single-pass writer',
    () => {
      writer.reset();
      for (let i = 0; i < RECORDS; i++) writer.append(facts, value);
      encodeProduceRequest({ ...args, topicData: topicData(writer.finish()[0]) }, 0);
    },
    baseline,
  );
  const messagesBaseline = await measure('produce request only: kafkajs', async () => {
    await produceRequest({ ...args, topicData: topicData(messages) }).encode();
  });
  await measure(
    'produce request only: of messages',
    () => encodeProduceRequest({ ...args, topicData: topicData(messages) }, 0),
    messagesBaseline,
  );
}

async function benchReader(): Promise<void> {
  const Decoder = source('protocol/decoder');
  const decodeMessages = source('protocol/requests/fetch/v4/decodeMessages');
  const Batch = source('consumer/batch');
  const recordSet = batchOf(Buffer.from('{"a":5.1,"b":3.5,"c":1.4,"d":0.2}'));
  const sized = Buffer.concat([Buffer.alloc(4), recordSet]);
  sized.writeInt32BE(recordSet.length);
  // Read, so that the engine cannot leave the work out.
  const seen = { bytes: 0 };
  const baseline = await measure('fetch: kafkajs, values read', async () => {
    const messages = await decodeMessages(new Decoder(sized));
    const data = { partition: 0, highWatermark: '1000', abortedTransactions: [], messages };
    for (const { value } of new Batch('t', '0', data).messages) seen.bytes += value.length;
  });
  const place = { topic: 't', partition: 0, fetchOffset: 0n, abortedTransactions: [], recordSet };
  await measure(
    'fetch: lazy reader, values read',
    () => {
      for (const { value } of scanRecordBatches(place).records.slice())
        seen.bytes += value?.length ?? 0;
    },
    baseline,
  );
  await measure(
    'fetch: lazy reader, ranges only',
    () => {
      for (const { valueLength } of scanRecordBatches(place).records.slice())
        seen.bytes += valueLength;
    },
    baseline,
  );
  const writer = new RecordBatchWriter();
  const records = scanRecordBatches(place).records.slice();
  await measure('copy key, headers and time to the output', () => {
    writer.reset();
    for (const record of records) writer.append(record, record.bytes, 40);
  });
  await measure('crc32c', () => crc32c(recordSet));
}

async function benchCompression(): Promise<void> {
  const records = batchOf(Buffer.from('{"a":5.1,"b":3.5,"c":1.4,"d":0.2}')).subarray(61);
  for (const name of ['GZIP', 'SNAPPY', 'LZ4'] as const) {
    const codec = CompressionCodec[name];
    const packed = compress(codec, records);
    await measure(`inflate ${name.toLowerCase()}`, () => decompress(codec, packed));
  }
}

async function benchScanner(width: number, digits: number): Promise<void> {
  const numbers = Array.from({ length: width }, (_, i) =>
    Number((Math.abs(Math.sin(i + 1)) * 3).toPrecision(digits)),
  );
  const names = numbers.map((_, i) => `feature_${i}`);
  const members = names.map((name, i) => [name, numbers[i]]);
  const cases: [string, NumberLayout, object][] = [
    ['array', { kind: 'FEATURES', width }, { features: numbers }],
    ['fields', { kind: 'FIELDS', names }, Object.fromEntries(members)],
  ];
  for (const [name, layout, record] of cases) {
    if (name === 'fields' && width > 100) continue;
    const bytes = Buffer.from(JSON.stringify(record));
    const range = { bytes, valueStart: 0, valueLength: bytes.length };
    const out = new Float32Array(width);
    const label = `${width} numbers of ${digits} digits, ${name}`;
    const parse = () => {
      const parsed = JSON.parse(bytes.toString());
      const values = name === 'array' ? parsed.features : names.map((field) => parsed[field]);
      for (let i = 0; i < width; i++) out[i] = values[i];
    };
    const baseline = await measure(`${label}: JSON.parse and copy`, times(RECORDS, parse));
    const scanner = new NumberScanner(layout);
    const scan = () => scanner.scan(range, out, 0);
    await measure(`${label}: scanner`, times(RECORDS, scan), baseline);
    if (scanner.slowRecords > 0) throw new Error(`${label} took the slow way`);
  }
}

function batchOf(value: Buffer): Buffer {
  const writer = new RecordBatchWriter();
  for (let i = 0; i < RECORDS; i++) {
    writer.append(recordSource({ key: `key-${i}`, timestampMs: 1_700_000_000_000 + i }), value);
  }
  const identity = { transactional: false, producerId: -1n, producerEpoch: -1, baseSequence: -1 };
  return Buffer.concat(writer.finish().map((batch) => batch.seal({ ...identity, compression: 0 })));
}

type Times = { label: string; ns: number };

/** Measures an action that handles `RECORDS` records. */
async function measure(label: string, action: () => unknown, baseline?: Times): Promise<Times> {
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end; ) await action();
  const end = performance.now() + MEASURE_MS;
  const start = process.cpuUsage();
  let rounds = 0;
  for (; performance.now() < end; rounds++) await action();
  return print(label, cpuNanoseconds(start) / rounds / RECORDS, baseline);
}

function times(count: number, action: () => unknown): () => void {
  return () => {
    for (let i = 0; i < count; i++) action();
  };
}

/**
 * Processor time, which other programs on the machine do not change; collecting garbage is in it.
 */
function cpuNanoseconds(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1000;
}

function print(label: string, ns: number, baseline?: Times): Times {
  const times = baseline === undefined ? '' : (baseline.ns / ns).toFixed(1);
  process.stdout.write(`${label}\t${ns.toFixed(ns < 100 ? 1 : 0)}\t${times}\n`);
  return { label, ns };
}
