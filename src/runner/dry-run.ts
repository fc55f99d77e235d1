import { createEgressPolicy } from '../domain/egress.js';
import type { FieldViolation } from '../domain/errors.js';
import { float32Numbers } from '../domain/float32.js';
import type { DryRun, DryRunRecord } from '../domain/ports.js';
import type { Format, Source } from '../domain/task.js';
import { clientSettings } from '../kafka/client.js';
import { createCluster, type KafkaCluster } from '../kafka/cluster.js';
import { createSocketFactory } from '../kafka/egress.js';
import { type FetchedChunk, Fetcher } from '../kafka/fetcher.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';
import { openFormats } from '../predict/formats.js';
import { loadScorer, RowsRefusedError } from '../predict/predict-rows.js';
import type { Scorer } from '../predict/scorer.js';
import { failureOf } from './failure.js';
import type { OneShotRequest } from './one-shot-messages.js';
import { boundaryOffset } from './ownership.js';

/** Records of a quiet topic are not worth a longer wait. */
const READ_MS = 5_000;
const FETCH_WAIT_MS = 250;
const FETCH_BYTES = 4 * 1024 * 1024;
const INPUT_CHARS_MAX = 4_096;

type Request = Extract<OneShotRequest, { type: 'dryRun' }>;

/**
 * Connects, reads the newest records of a task's source, or the first if it starts there, and predicts them. Writes nothing, joins no
 * group and commits nothing. What is wrong with the spec comes back as faults; throws only when Kafka cannot be reached.
 */
export async function dryRun(request: Request): Promise<DryRun> {
  const { spec, model } = request;
  const { predictor } = spec;
  if (predictor.type !== 'onnx') throw new Error('Only uploaded models are rehearsed.');
  let scorer: Scorer;
  try {
    // Predictions are shown, not written: no schema is registered for them.
    const { outputs } = model;
    const read = { source: spec.source, sink: { ...spec.sink, format: 'JSON' } } as const;
    scorer = await loadScorer(model, { ...spec, predictor }, (bindings) =>
      openFormats(read, { bindings, outputs, socketFactory: socketFactoryOf(request) }),
    );
  } catch (error) {
    if (error instanceof RowsRefusedError) return { faults: error.violations, records: [] };
    throw error;
  }
  const cluster = clusterFor(request);
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([spec.source.topic]);
    const read = await readRecords(cluster, request);
    return { faults: [], records: await predict(scorer, read, spec.source) };
  } catch (error) {
    const fault = faultOf(error);
    if (!fault) throw error;
    return { faults: [fault], records: [] };
  } finally {
    cluster.disconnect().catch(() => undefined);
    await scorer.release();
  }
}

function clusterFor({ spec, bootstrapServers, allowEgress }: Request): KafkaCluster {
  return createCluster(
    clientSettings({
      source: spec.source,
      bootstrapServers,
      clientId: 'predictd-dry-run',
      socketFactory: socketFactoryOf({ allowEgress }),
    }),
  );
}

function socketFactoryOf({ allowEgress }: Pick<Request, 'allowEgress'>) {
  return createSocketFactory(createEgressPolicy([], allowEgress));
}

const faultFields: ReadonlyMap<string, string> = new Map([
  ['TOPIC_NOT_FOUND', 'spec.source.topic'],
  ['TOPIC_INVALID', 'spec.source.topic'],
  ['AUTHENTICATION_FAILED', 'spec.source.sasl'],
  ['AUTHORIZATION_FAILED', 'spec.source.topic'],
  ['TLS_FAILED', 'spec.source.tls'],
  ['REGISTRY_UNREACHABLE', 'spec.source.schema_registry_url'],
]);

function faultOf(error: unknown): FieldViolation | undefined {
  const { reason, message } = failureOf(error);
  const field = faultFields.get(reason);
  return field === undefined ? undefined : { field, reason, description: message };
}

interface Read {
  readonly partition: number;
  readonly record: SourceRecord;
}

async function readRecords(cluster: KafkaCluster, request: Request): Promise<Read[]> {
  const { source } = request.spec;
  const read: Read[] = [];
  const done = new AbortController();
  const fetcher = new Fetcher({
    cluster,
    topic: source.topic,
    maxWaitMs: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    partitionBytes: FETCH_BYTES / 4,
    onAnswer: () => undefined,
  });
  const waiting = new Set<number>();
  for (const { partitionId } of cluster.findTopicPartitionMetadata(source.topic)) {
    const place = { topic: source.topic, partition: partitionId };
    const end = await boundaryOffset(cluster, { ...place, earliest: false });
    const first = await boundaryOffset(cluster, { ...place, earliest: true });
    const earliest = source.startFrom === 'EARLIEST';
    const position = earliest ? first : Math.max(first, end - request.records);
    if (position >= end) continue;
    waiting.add(partitionId);
    fetcher.add(partitionId, {
      position,
      isNew: true,
      wantsMore: () => waiting.has(partitionId),
      receive: ({ records }: FetchedChunk) => {
        waiting.delete(partitionId);
        for (const record of records.slice(0, request.records)) {
          read.push({ partition: partitionId, record });
        }
        if (waiting.size === 0) done.abort();
      },
      outOfRange: () => waiting.delete(partitionId),
    });
  }
  if (waiting.size > 0) {
    const signal = AbortSignal.any([done.signal, AbortSignal.timeout(READ_MS)]);
    await fetcher.run(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
  return read.slice(0, request.records);
}

async function predict(
  scorer: Scorer,
  read: readonly Read[],
  { format }: Pick<Source, 'format'>,
): Promise<DryRunRecord[]> {
  const results = new Map<SourceRecord, Pick<DryRunRecord, 'output' | 'error'>>();
  await scorer.score(
    read.map(({ record }) => record),
    {
      predicted: (record, json) => {
        const output = JSON.parse(json.bytes.toString('utf8', 0, json.length));
        results.set(record, { output, error: '' });
      },
      bad: (record, why) => results.set(record, { error: `${why.reason}: ${why.message}` }),
    },
  );
  return read.map(({ partition, record }) => ({
    partition,
    offset: offsetOf(record),
    key: text(record, record.keyStart, record.keyLength),
    input: inputText(record, format).slice(0, INPUT_CHARS_MAX),
    ...(results.get(record) ?? { error: 'The record was not predicted.' }),
  }));
}

function inputText(record: SourceRecord, format: Format): string {
  const { bytes, valueStart, valueLength } = record;
  if (format === 'FLOAT32') {
    const numbers = float32Numbers(bytes.subarray(valueStart, valueStart + valueLength));
    if (numbers) return JSON.stringify(numbers);
  }
  return text(record, valueStart, valueLength);
}

function text({ bytes }: SourceRecord, start: number, length: number): string {
  return bytes.toString('utf8', start, start + Math.max(0, length));
}
