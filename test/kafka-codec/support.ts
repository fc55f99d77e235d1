import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FetchedRecord } from '../../src/kafka/fetched-record.js';
import { scanRecordBatches } from '../../src/kafka/record-batch-reader.js';

/** The folder of the fixtures in the sources: compiled tests run from dist/test/kafka-codec. */
const FIXTURES = findFixtures();

/** Record batches that another client wrote, by name. */
export function fixtures(file: string): Map<string, Buffer> {
  const lines = readFileSync(new URL(file, FIXTURES), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', base64 = ''] = line.split('\t');
      return [name, Buffer.from(base64, 'base64')];
    }),
  );
}

function findFixtures(): URL {
  let folder = new URL('.', import.meta.url);
  for (;;) {
    const candidate = new URL('test/kafka-codec/fixtures/', folder);
    if (exists(new URL('README.md', candidate))) return candidate;
    assert.notEqual(folder.pathname, '/', 'the fixtures are not above the compiled test');
    folder = new URL('..', folder);
  }
}

function exists(file: URL): boolean {
  try {
    readFileSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Takes all records of batches apart, from their first offset and with nothing aborted. */
export function readAll(recordSet: Buffer) {
  const place = { topic: 't', partition: 3, fetchOffset: 0n, abortedTransactions: [] };
  const scanned = scanRecordBatches({ ...place, recordSet });
  return { ...scanned, records: scanned.records.slice() };
}

/** A record as plain values, for comparing with what a fixture's rule says. */
export function plain(record: FetchedRecord) {
  return {
    key: record.key?.toString() ?? null,
    value: record.value?.toString() ?? null,
    timestampMs: record.timestampMs,
    headers: Object.fromEntries(
      Object.entries(record.headers).map(([name, value]) => [name, value?.toString() ?? null]),
    ),
  };
}

/** The first records of a plain fixture, by the rule in the fixtures' README. */
export function expectedRecords(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    key: i % 3 === 0 ? null : `key-${i}`,
    value: i % 50 === 49 ? null : `{"n":${i},"square":${i * i}}`,
    timestampMs: 1_700_000_000_000 + (i % 7) * 1000 - 3000,
    headers: i % 2 === 0 ? {} : { trace: `t${i}`, none: null },
  }));
}

/** kafkajs's encoder as far as the tests look at it. */
export interface KafkajsEncoder {
  readonly buffer: Buffer;
}

/** kafkajs's own codec: what ours is compared with. */
export const kafkajsCodec = loadKafkajsCodec();

function loadKafkajsCodec() {
  const require = createRequire(import.meta.url);
  const source = (path: string) => require(`kafkajs/src/${path}`);
  const Decoder = source('protocol/decoder');
  const { RecordBatch } = source('protocol/recordBatch/v0');
  const decodeMessages = source('protocol/requests/fetch/v4/decodeMessages');
  const record: (fields: object) => KafkajsEncoder = source('protocol/recordBatch/record/v0');
  const recordBatch: (fields: object) => Promise<KafkajsEncoder> = RecordBatch;
  const Batch: new (topic: string, offset: string, data: object) => KafkajsBatch =
    source('consumer/batch');
  return {
    record,
    recordBatch,
    Batch,
    produceRequest: (version: number, args: object): Promise<KafkajsEncoder> =>
      source(`protocol/requests/produce/v${version}/request`)(args).encode(),
    fetchResponse: (version: number, bytes: Buffer): Promise<object> =>
      source(`protocol/requests/fetch/v${version}/response`).decode(bytes),
    decodeMessages: (recordSet: Buffer): Promise<KafkajsMessage[]> => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(recordSet.length);
      return decodeMessages(new Decoder(Buffer.concat([length, recordSet])));
    },
  };
}

/** A message of kafkajs's decoder. */
export interface KafkajsMessage {
  readonly [field: string]: unknown;
  readonly offset: string;
  readonly isControlRecord: boolean;
}

/** kafkajs's view of one partition's fetched messages. */
export interface KafkajsBatch {
  readonly messages: readonly KafkajsMessage[];
  isEmpty(): boolean;
  isEmptyIncludingFiltered(): boolean;
  isEmptyDueToFiltering(): boolean;
  lastOffset(): string;
  offsetLag(): string;
}
