import { Tensor } from 'onnxruntime-node';
import type { EncodedBatch } from '../../../src/kafka/encoded-batch.js';
import { type FetchedChunk, Fetcher } from '../../../src/kafka/fetcher.js';
import { scanRecordBatches } from '../../../src/kafka/record-batch-reader.js';
import { RecordBatchWriter } from '../../../src/kafka/record-batch-writer.js';
import type { SourceRecord } from '../../../src/kafka/source-record.js';
import { PredictionWriter, type RowWriter } from '../../../src/predict/prediction-writer.js';
import { RawWriter } from '../../../src/predict/raw-writer.js';
import { rowCollector } from '../../../src/predict/record-reader.js';
import { loadSession } from '../../../src/predict/scorer.js';
import type { Signature } from '../../../src/predict/signature.js';
import { encodeHeaders, WithHeaders } from '../../../src/runner/extra-headers.js';
import { fixturePath } from '../../support/fixtures.js';
import { BATCH_RECORDS } from './contestant.js';
import { type BenchTopics, connectedTo, openedProducer } from './topics.js';
import type { Workload } from './workloads.js';

/** Each step runs for so long after it was warmed up for half of it. */
const STEP_MS = 600;
const FETCH_BYTES = 16 * 1024 * 1024;
/** Bytes of a SHA-256 in hexadecimal. */
const HASH_CHARS = 64;

export interface StepsOptions {
  readonly brokers: string;
  readonly topics: BenchTopics;
  readonly workload: Workload;
  /** A topic with at least two micro-batches in its first partition. */
  readonly source: string;
}

/**
 * Names of the steps, and what each costs in microseconds of processor time a record, run in this process by itself over one micro-batch
 * of the source. A transaction is of one micro-batch; its waiting is not in the figure.
 */
export async function measureSteps(options: StepsOptions): Promise<string[][]> {
  const { workload } = options;
  const signature = signatureOf(workload);
  const fetching = await measureFetch(options);
  const { records } = fetching;
  const recordSet = sealed(records);
  const place = { topic: '', partition: 0, fetchOffset: 0n, abortedTransactions: [], recordSet };
  const collector = rowCollector(signature, false);
  const parse = () => {
    collector.begin(records.length);
    for (const record of records) collector.add(record);
  };
  parse();
  const session = await loadSession(fixturePath(`${workload.model}.onnx`));
  const score = () => {
    const [feed] = collector.feeds(0, records.length);
    if (!feed) throw new Error('the model has no input');
    const tensor = new Tensor('float32', feed.data as Float32Array, feed.dims);
    return session.run({ [feed.name]: tensor });
  };
  const writer = rowWriter(workload, signature);
  writer.open(new Map(Object.entries(await score())), records.length);
  const sink = new EncodeStep(writer, records);
  const steps: [name: string, us: number][] = [
    ['fetch and decode', fetching.us],
    ['decode', await cpuUs(() => scanRecordBatches(place).records.slice(), records.length)],
    ['parse', await cpuUs(parse, records.length)],
    ['score', await cpuUs(score, records.length)],
    ['encode', await cpuUs(() => sink.run(), records.length)],
    ['transaction', await measureTransaction(options, sink.run())],
  ];
  await session.release();
  return [
    ['workload', ...steps.map(([name]) => name)],
    [workload.name, ...steps.map(([, us]) => us.toFixed(2))],
  ];
}

/** What the task of this workload is bound to. */
function signatureOf({ features, format }: Workload): Signature {
  const input = { name: 'features', type: 'float32', shape: [-1, features] };
  const inputs = { input, columns: features };
  return {
    inputs:
      format === 'FLOAT32'
        ? { kind: 'raw', ...inputs }
        : { kind: 'features', fields: [], ...inputs },
    outputs: (format === 'FLOAT32' ? ['probabilities'] : ['label', 'probabilities']).map(
      (output) => ({ member: output, output }),
    ),
  };
}

function rowWriter({ format }: Workload, { outputs }: Signature): RowWriter {
  return format === 'FLOAT32' ? new RawWriter(outputs) : new PredictionWriter(outputs);
}

/** Writes predictions into record batches as a runner does. */
class EncodeStep {
  readonly #predictions: RowWriter;
  readonly #records: readonly SourceRecord[];
  readonly #batches = new RecordBatchWriter();
  readonly #source = new WithHeaders();
  readonly #header = encodeHeaders([['predictd-model-sha256', Buffer.alloc(HASH_CHARS, 'a')]]);

  constructor(predictions: RowWriter, records: readonly SourceRecord[]) {
    this.#predictions = predictions;
    this.#records = records;
  }

  run(): EncodedBatch[] {
    this.#batches.reset();
    for (const [index, record] of this.#records.entries()) {
      this.#predictions.row(index);
      const { bytes, length } = this.#predictions.written;
      this.#batches.append(this.#source.set(record, this.#header), bytes, length);
    }
    return this.#batches.finish();
  }
}

function sealed(records: readonly SourceRecord[]): Buffer {
  const writer = new RecordBatchWriter();
  for (const record of records) {
    const { bytes, valueStart, valueLength } = record;
    writer.append(record, bytes.subarray(valueStart, valueStart + valueLength));
  }
  const identity = { transactional: false, producerId: -1n, producerEpoch: -1, baseSequence: -1 };
  return Buffer.concat(writer.finish().map((batch) => batch.seal({ ...identity, compression: 0 })));
}

/** Reads the first partition again and again; also gives one micro-batch of it. */
async function measureFetch({ brokers, source }: StepsOptions) {
  const cluster = await connectedTo(brokers, source);
  let records: readonly SourceRecord[] = [];
  const pass = async (): Promise<number> => {
    const over = new AbortController();
    let count = 0;
    const target = {
      position: 0,
      isNew: false,
      wantsMore: () => true,
      outOfRange: () => over.abort(),
      receive: (chunk: FetchedChunk) => {
        if (records.length < BATCH_RECORDS) records = [...records, ...chunk.records.slice()];
        else chunk.release?.();
        count += chunk.records.length;
        target.position = chunk.nextOffset;
        if (target.position >= chunk.stableEnd) over.abort();
      },
    };
    const fetcher = new Fetcher({
      cluster,
      topic: source,
      maxWaitMs: 1,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      partitionBytes: FETCH_BYTES / 8,
      onAnswer: () => undefined,
    });
    fetcher.add(0, target);
    await fetcher.run(over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) throw error;
    });
    return count;
  };
  await pass();
  const us = await cpuUs(pass, await pass());
  await cluster.disconnect();
  return { us, records: records.slice(0, BATCH_RECORDS) };
}

async function measureTransaction(
  { brokers, topics, source }: StepsOptions,
  batches: readonly EncodedBatch[],
): Promise<number> {
  const topic = await topics.create('steps');
  const cluster = await connectedTo(brokers, topic);
  const producer = await openedProducer({
    cluster,
    groupId: topic,
    transactionalId: topic,
  });
  const sends = [{ topic, partition: 0, batches }];
  const partitions = [{ partition: 0, offset: '1', metadata: '' }];
  const records = batches.reduce((sum, { length }) => sum + length, 0);
  const commit = () => producer.commit(sends, { topic: source, partitions });
  const us = await cpuUs(commit, records);
  await cluster.disconnect();
  await topics.delete(topic);
  return us;
}

/** Processor time of this process, all threads, while `work` is done again and again. */
async function cpuUs(work: () => unknown, records: number): Promise<number> {
  for (const end = performance.now() + STEP_MS / 2; performance.now() < end; ) await work();
  const before = process.cpuUsage();
  let rounds = 0;
  for (const end = performance.now() + STEP_MS; performance.now() < end; rounds++) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds / records;
}
