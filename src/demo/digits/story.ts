import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { type Connection, connect } from '../../cli/connection.js';
import { bar } from '../../cli/progress.js';
import { rejection, showsUnicode } from '../../cli/terminal.js';
import { packageRoot } from '../package-root.js';
import { drawDigit } from './draw.js';

export interface StoryOptions {
  readonly url: string;
  readonly adminFile: string;
  readonly brokers: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

interface Row {
  readonly id: number;
  readonly features: readonly number[];
}

interface Prediction {
  readonly label: number;
  readonly probabilities: readonly number[];
}

const taskName = 'users/admin/tasks/digits';
/** Rows sent at once, and the pause between: slow enough to watch, over within some seconds. */
const rowsAtOnce = 15;
const pauseMs = 100;
const partitions = 4;

/**
 * Streams held-out digits through a task and compares what comes out with what they are. Answers whether every row was
 * predicted exactly once.
 */
export async function digitsStory(options: StoryOptions): Promise<boolean> {
  const { say, signal, brokers } = options;
  const folder = join(packageRoot(), 'src', 'demo', 'digits');
  const lines = (await readFile(join(folder, 'held-out.jsonl'), 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as Row);
  const labels = JSON.parse(await readFile(join(folder, 'labels.json'), 'utf8')) as Labels;
  // A given cluster may have topics of an earlier run.
  const suffix = process.env.PREDICTD_TEST_BROKERS ? `-${Date.now().toString(36)}` : '';
  const topics = { in: `digits${suffix}`, out: `digits-predicted${suffix}` };
  const kafka = new Kafka({
    brokers: brokers.split(','),
    clientId: 'demo',
    logLevel: logLevel.NOTHING,
  });
  const service = connect({ url: options.url, tokenFile: options.adminFile }, {});
  const admin = kafka.admin();
  try {
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: topics.in, numPartitions: partitions }] });
    await define(service, { folder, topics, say, url: options.url });
    await watchUntilRunning(service, say);
    say(`\n${lines.length} held-out digits go to the topic ${topics.in}:\n`);
    const watching = watchProgress(service, lines.length, { say, signal });
    await produce(kafka, { topic: topics.in, rows, lines, signal });
    await watching;
    const predicted = await readCommitted(kafka, admin, { topic: topics.out, signal });
    return report(rows, labels, predicted, say);
  } finally {
    await admin.disconnect();
    service.close();
  }
}

type Labels = Readonly<Record<string, number>>;

interface Definition {
  readonly folder: string;
  readonly topics: { readonly in: string; readonly out: string };
  readonly say: (text: string) => void;
  readonly url: string;
}

async function define(
  service: Connection,
  { folder, topics, say, url }: Definition,
): Promise<void> {
  const file = await readFile(join(folder, 'digits.onnx'));
  const content = { data: file, contentType: 'application/octet-stream' };
  const upload = [{ parent: 'users/admin', modelId: 'digits', content }];
  const model = await service.models.uploadModel(
    (async function* chunks() {
      yield* upload;
    })(),
  );
  const inputs = model.inputs.map(({ name, type, shape }) => `${name} ${type}[${shape.join(',')}]`);
  const outputs = model.outputs.map(({ name, type }) => `${name} ${type}`);
  say(`Service    ${url}`);
  say(`Model      ${model.name}: ${inputs.join(', ')} → ${outputs.join(', ')}`);
  const task = await service.tasks.createTask({
    parent: 'users/admin',
    taskId: 'digits',
    task: {
      displayName: 'Handwritten digits',
      spec: {
        source: { topic: topics.in },
        sink: { topic: topics.out },
        predictor: { kind: { case: 'onnx', value: { model: 'digits' } } },
        parallelism: 1,
      },
    },
  });
  say(`Task       ${task.name}: ${topics.in} → ${topics.out}, exactly once`);
}

async function watchUntilRunning(service: Connection, say: (text: string) => void): Promise<void> {
  const asked = Date.now();
  await service.tasks.startTask({ name: taskName });
  for await (const { kind } of service.tasks.watchTasks({ name: taskName })) {
    const task = kind.case === 'change' ? kind.value.task : undefined;
    const state = task?.status?.state ?? State.UNSPECIFIED;
    if (state === State.FAILED) throw new Error(`the task failed: ${task?.status?.lastError}`);
    if (state === State.RUNNING) break;
  }
  say(`RUNNING    after ${((Date.now() - asked) / 1_000).toFixed(1)} s`);
}

/** Follows the status stream until all rows are predicted. */
async function watchProgress(
  service: Connection,
  total: number,
  { say, signal }: { say: (text: string) => void; signal: AbortSignal },
): Promise<void> {
  const lively = process.stdout.isTTY === true;
  let shown = -1;
  for await (const { kind } of service.tasks.watchTasks({ name: taskName }, { signal })) {
    const task = kind.case === 'change' ? kind.value.task : undefined;
    if (!task?.status) continue;
    const out = Number(task.status.counters?.recordsOut ?? 0n);
    if (out === shown) continue;
    shown = out;
    const line = progressLine(task, out, total);
    if (lively) process.stdout.write(`\r\u001b[K${line}`);
    else say(line);
    if (out >= total) break;
  }
  if (lively) say('');
}

function progressLine({ status }: Task, out: number, total: number): string {
  const rate = Math.round(status?.recordsPerSecond ?? 0);
  const lag = String(status?.lag ?? 0n);
  return `  ${bar((100 * out) / total, 30, showsUnicode(process.env))} ${out}/${total} predicted, ${rate}/s, lag ${lag}`;
}

interface Production {
  readonly topic: string;
  readonly rows: readonly Row[];
  readonly lines: readonly string[];
  readonly signal: AbortSignal;
}

async function produce(kafka: Kafka, { topic, rows, lines, signal }: Production): Promise<void> {
  const producer = kafka.producer({
    // Without it a retry for a partition that is not ready yet doubles the records of the others.
    idempotent: true,
    createPartitioner:
      () =>
      ({ message }) =>
        Number(message.key) % partitions,
  });
  await producer.connect();
  try {
    for (let from = 0; from < lines.length; from += rowsAtOnce) {
      const messages = lines
        .slice(from, from + rowsAtOnce)
        .map((value, index) => ({ key: String(rows[from + index]?.id), value }));
      await producer.send({ topic, messages });
      await delay(pauseMs, undefined, { signal });
    }
  } finally {
    await producer.disconnect();
  }
}

/** Reads the whole topic as a consumer with `isolation.level=read_committed` sees it: key to predictions. */
async function readCommitted(
  kafka: Kafka,
  admin: Admin,
  { topic, signal }: { topic: string; signal: AbortSignal },
): Promise<Map<string, Prediction[]>> {
  const ends = await admin.fetchTopicOffsets(topic);
  const missing = new Set(
    ends.filter(({ high }) => Number(high) > 0).map(({ partition }) => partition),
  );
  const found = new Map<string, Prediction[]>();
  const consumer = kafka.consumer({ groupId: `demo-${Date.now()}`, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const whole = new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          for (const { key, value } of batch.messages) {
            const id = key?.toString() ?? '';
            const list = found.get(id) ?? [];
            found.set(id, [...list, JSON.parse(value?.toString() ?? 'null') as Prediction]);
          }
          // The last record of a transaction is its marker, which is never shown.
          const end = ends.find(({ partition }) => partition === batch.partition);
          if (Number(batch.lastOffset()) >= Number(end?.high) - 2) missing.delete(batch.partition);
          if (missing.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  try {
    await Promise.race([whole, rejection(signal)]);
  } finally {
    await consumer.disconnect();
  }
  return found;
}

function report(
  rows: readonly Row[],
  labels: Labels,
  predicted: ReadonlyMap<string, readonly Prediction[]>,
  say: (text: string) => void,
): boolean {
  const once = rows.filter(({ id }) => predicted.get(String(id))?.length === 1).length;
  const right = rows.filter(
    ({ id }) => predicted.get(String(id))?.[0]?.label === labels[id],
  ).length;
  const wrong = rows.find(({ id }) => predicted.get(String(id))?.[0]?.label !== labels[id]);
  const examples = [...rows.slice(0, 4), ...(wrong ? [wrong] : [])];
  const pictures = examples.map(({ id, features }) => {
    const [prediction] = predicted.get(String(id)) ?? [];
    const probability = Math.round(100 * Math.max(...(prediction?.probabilities ?? [0])));
    return drawDigit(features, [
      `digit ${id}`,
      `predicted ${prediction?.label} (${probability} %)`,
      `really    ${labels[id]}`,
    ]);
  });
  say('');
  for (let line = 0; line < (pictures[0]?.length ?? 0); line += 1) {
    say(`  ${pictures.map((picture) => picture[line]).join('  ')}`);
  }
  const percent = ((100 * right) / rows.length).toFixed(1);
  say(`\n${once} of ${rows.length} digits were predicted exactly once.`);
  say(`${right} of ${rows.length} predictions are right: accuracy ${percent} %.`);
  return once === rows.length;
}
