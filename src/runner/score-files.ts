import { readFile } from 'node:fs/promises';
import type { Kafka, Message } from 'kafkajs';
import { createEgressPolicy } from '../domain/egress.js';
import { limits } from '../domain/limits.js';
import { clientSettings, createKafka } from '../kafka/client.js';
import { createSocketFactory } from '../kafka/egress.js';
import type { SourceRecord } from '../kafka/source-record.js';
import { openFormats } from '../predict/formats.js';
import { loadScorer, RowsRefusedError } from '../predict/predict-rows.js';
import type { Scorer } from '../predict/scorer.js';
import { type FileRecord, recordsOfFile } from './file-records.js';
import type { OneShotRequest } from './one-shot-messages.js';
import { planSink } from './topic-plan.js';

type Request = Extract<OneShotRequest, { type: 'scoreFiles' }>;

/** Records scored at once, and sent at once: some hundred kilobytes. */
const SLICE_RECORDS = 500;

/**
 * Scores the records of files and writes the predictions to the sink in one transaction. Nothing is written, and
 * RowsRefusedError thrown, if any record cannot be scored. Answers how many there were.
 */
export async function scoreFiles(request: Request): Promise<number> {
  const { model, spec } = request;
  const { outputs } = model;
  const { predictor } = spec;
  if (predictor.type !== 'onnx') throw new Error('Only uploaded models score files.');
  // Files hold JSON, whatever the task's own source has.
  const written = { source: { ...spec.source, format: 'JSON' }, sink: spec.sink } as const;
  const scorer = await loadScorer(model, { ...written, predictor }, (bindings) =>
    openFormats(written, { bindings, outputs, socketFactory: socketFactoryOf(request) }),
  );
  const slices: Buffer[][] = [];
  let count = 0;
  for (const [index, path] of request.files.entries()) {
    const records = recordsOfFile(await readFile(path), index + 1);
    count += records.length;
    if (count > limits.fileRecordsMax) throw tooMany(index + 1);
    for (let from = 0; from < records.length; from += SLICE_RECORDS) {
      slices.push(await scoreSlice(scorer, records.slice(from, from + SLICE_RECORDS)));
    }
  }
  await scorer.release();
  if (count > 0) await write(clientOf(request), request, slices);
  return count;
}

function tooMany(file: number): RowsRefusedError {
  const description = `file ${file}: There are more than ${limits.fileRecordsMax} records up to here. Send fewer at once.`;
  return new RowsRefusedError([{ field: `file ${file}`, reason: 'TOO_MANY', description }]);
}

async function scoreSlice(scorer: Scorer, slice: readonly FileRecord[]): Promise<Buffer[]> {
  const places = new Map<SourceRecord, string>(slice.map(({ record, place }) => [record, place]));
  const predictions: Buffer[] = [];
  await scorer.score([...places.keys()], {
    predicted: (_record, json) =>
      predictions.push(Buffer.from(json.bytes.subarray(0, json.length))),
    bad: (record, { reason, message }) => {
      const field = places.get(record) ?? 'file';
      throw new RowsRefusedError([{ field, reason, description: `${field}: ${message}` }]);
    },
  });
  return predictions;
}

function clientOf({ spec, bootstrapServers, allowEgress }: Request): Kafka {
  return createKafka(
    clientSettings({
      source: spec.source,
      bootstrapServers,
      clientId: 'predictd-files',
      socketFactory: socketFactoryOf({ allowEgress }),
    }),
  );
}

function socketFactoryOf({ allowEgress }: Pick<Request, 'allowEgress'>) {
  return createSocketFactory(createEgressPolicy([], allowEgress));
}

/** All predictions are known, so that the transaction, which holds up readers of the topic, is short. */
async function write(
  kafka: Kafka,
  { spec, model, taskUid }: Request,
  slices: readonly (readonly Buffer[])[],
): Promise<void> {
  const { topic, partitions } = await planSink(kafka, spec);
  const producer = kafka.producer({
    // The task's own, so that a call which was cut off is settled by the next one.
    transactionalId: `predictd.files.${taskUid}`,
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    const headers = { 'predictd-model-sha256': model.sha256 };
    const transaction = await producer.transaction();
    try {
      for (const [index, slice] of slices.entries()) {
        // A slice stays together, so that the order of a file's records is kept where there is one partition.
        const partition = index % partitions;
        const messages: Message[] = slice.map((value) => ({ value, headers, partition }));
        await transaction.send({ topic, messages });
      }
      await transaction.commit();
    } catch (error) {
      await transaction.abort().catch(() => undefined);
      throw error;
    }
  } finally {
    await producer.disconnect().catch(() => undefined);
  }
}
