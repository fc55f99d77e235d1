import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { installCodecs } from '../../src/kafka/install-codecs.js';
import { lowerPriority } from '../../src/supervisor/lower-priority.js';
import { seededRandom } from '../domain/simulation.js';
import {
  type ServiceUnderTest,
  serviceUnderTest,
  taskName,
} from '../main-job/service-under-test.js';
import { ProcessTree } from './predicting/process-tree.js';
import { median } from './predicting/results.js';
import { ServiceContestant } from './predicting/service.js';
import { BenchTopics } from './predicting/topics.js';
import { recordValues, type Workload, workloads } from './predicting/workloads.js';

/**
 * Prints how predictd grows, as tab-separated tables: what a record costs with more threads, partitions and records; what an idle task
 * costs; how long a start takes; and how fast the API answers while all processors predict. Ends within four minutes; `--long` also
 * predicts ten million records, and `--only` prints one of the tables: `growing`, or `standing` for all but that.
 */
const { values: flags } = parseArgs({
  options: { long: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const SEED = 7;
const RECORDS = 400_000;
const COUNTS = [10_000, 100_000, 1_000_000, ...(flags.long ? [10_000_000] : [])];
const IDLE_MS = 10_000;
const STARTS = 3;
const TASKS = 100;
const RUNNING = 4;
const BUSY_RECORDS = 3_000_000;
/** Four processes that start at once, and a service that compiles what it has never run, are not what is measured. */
const SETTLE_MS = 4_000;
/** The hundredth part of which is still several. */
const CALLS = 400;
const CALL_EVERY_MS = 10;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (...cells: readonly string[]): void =>
  void process.stdout.write(`${cells.join('\t')}\n`);

installCodecs();
const workload = workloads[0] as Workload;
const valueFor = recordValues(workload, seededRandom(SEED));
const kafka = await startKafka({ heapMaxMib: 1_024, onProgress: say });
const topics = new BenchTopics(kafka.bootstrapServers);
try {
  if (flags.only !== 'standing') await growing();
  if (flags.only !== 'growing') await standing();
} finally {
  await kafka.stop();
}

async function growing(): Promise<void> {
  await using service = await ServiceContestant.open(kafka.bootstrapServers);
  print('partitions', 'parallelism', 'records', 'records_per_s', 'cpu_us_per_record', 'peak_mib');
  // The first run of a service and of a broker is slower than any other.
  await once(service, { partitions: 4, parallelism: 1, records: RECORDS }, () => undefined);
  for (const parallelism of [1, 2, 4]) {
    await once(service, { partitions: 16, parallelism, records: RECORDS }, print);
  }
  for (const partitions of [1, 4, 16, 64]) {
    await once(service, { partitions, parallelism: 1, records: RECORDS }, print);
  }
  for (const records of COUNTS) {
    await once(service, { partitions: 4, parallelism: 1, records }, print);
  }
}

interface Size {
  readonly partitions: number;
  readonly parallelism: number;
  readonly records: number;
}

async function once(
  service: ServiceContestant,
  { partitions, parallelism, records }: Size,
  show: (...cells: string[]) => void,
): Promise<void> {
  const source = await topics.create('scale', partitions);
  const sink = await topics.create('scale-out', partitions);
  await topics.load(source, valueFor, records);
  const run = await service.start({ workload, source, sink, records, parallelism });
  using tree = new ProcessTree(run.processId);
  try {
    const { firstRecordAt, lastCommitAt } = await run.done();
    const speed = (records * 1_000) / (lastCommitAt - firstRecordAt);
    const cpuUs = (1_000 * tree.cpuMsBetween(firstRecordAt, lastCommitAt)) / records;
    const sizes = [partitions, parallelism, records].map(String);
    show(...sizes, speed.toFixed(0), cpuUs.toFixed(2), (tree.peakBytes / 2 ** 20).toFixed(0));
  } finally {
    await run.end();
    await topics.delete(source, sink);
  }
}

async function standing(): Promise<void> {
  await using under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  await under.upload(workload.model);
  const ids = await defineTasks(under);
  const [first = ''] = ids;
  print('what', 'figure');
  print('start_to_running_s_median', (median(await starts(under, first)) / 1_000).toFixed(2));
  await idle(under, first);
  await under.connection.tasks.stopTask({ name: taskName(first) });
  await busy(under, ids);
}

/** Names of the tasks, the first ones with a topic of their own. */
async function defineTasks({ connection }: ServiceUnderTest): Promise<string[]> {
  const ids = Array.from({ length: TASKS }, (_, index) => `scale-${index}`);
  const predictor = { kind: { case: 'onnx', value: { model: workload.model } } } as const;
  for (const [index, taskId] of ids.entries()) {
    const topic = index < RUNNING ? await topics.create(taskId) : taskId;
    const spec = { source: { topic }, sink: { topic: `${topic}-out` }, predictor };
    await connection.tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
  }
  return ids;
}

/** Starts and stops it again and again, and leaves it running. */
async function starts({ connection, reach }: ServiceUnderTest, id: string): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    if (round > 0) await connection.tasks.stopTask({ name: taskName(id) });
    const begunAt = performance.now();
    await connection.tasks.startTask({ name: taskName(id) });
    await reach(id, [State.RUNNING]);
    all.push(performance.now() - begunAt);
  }
  return all;
}

/** What a running task without input costs, its process alone. */
async function idle({ connection }: ServiceUnderTest, id: string): Promise<void> {
  const { status } = await connection.tasks.getTask({ name: taskName(id) });
  using tree = new ProcessTree(status?.processId ?? 0);
  const from = Date.now();
  await delay(IDLE_MS);
  const cpuMs = tree.cpuMsBetween(from, Date.now());
  print('idle_task_cpu_percent', ((100 * cpuMs) / IDLE_MS).toFixed(2));
  print('idle_task_mib', (tree.peakBytes / 2 ** 20).toFixed(0));
}

/**
 * How fast the API answers while tasks predict as fast as they can: beside a broker that has the service's priority, and beside one
 * that yields as the runners do, which is nearer to brokers on machines of their own.
 */
async function busy(
  { connection, reach }: ServiceUnderTest,
  ids: readonly string[],
): Promise<void> {
  const { tasks } = connection;
  const running = ids.slice(0, RUNNING);
  for (const id of running) await topics.load(await topicOf(id), valueFor, BUSY_RECORDS);
  for (const id of running) await tasks.startTask({ name: taskName(id) });
  for (const id of running) await reach(id, [State.RUNNING]);
  const last = taskName(ids.at(-1) ?? '');
  const get = () => tasks.getTask({ name: last });
  const list = () => tasks.listTasks({ parent: 'users/admin', pageSize: TASKS });
  for (const end = performance.now() + SETTLE_MS; performance.now() < end; ) {
    await get();
    await list();
  }
  await callsBeside('busy');
  lowerPriority({ pid: kafka.pidOf(), exitCode: null, signalCode: null });
  await callsBeside('yielding_broker');
  let done = 0;
  for (const id of running) {
    const { status } = await tasks.getTask({ name: taskName(id) });
    done += Number(status?.counters?.recordsOut ?? 0);
  }
  // None left: the processors were not busy until the end.
  print('busy_records_left', String(RUNNING * BUSY_RECORDS - done));

  async function callsBeside(what: string): Promise<void> {
    const got: number[] = [];
    const listed: number[] = [];
    for (let count = 0; count < CALLS; count++) {
      got.push(await msOf(get));
      listed.push(await msOf(list));
      await delay(CALL_EVERY_MS);
    }
    printPercentiles(`${what}_get_task`, got);
    printPercentiles(`${what}_list_100_tasks`, listed);
  }

  async function topicOf(id: string): Promise<string> {
    const { spec } = await tasks.getTask({ name: taskName(id) });
    return spec?.source?.topic ?? '';
  }
}

async function msOf(call: () => Promise<unknown>): Promise<number> {
  const begunAt = performance.now();
  await call();
  return performance.now() - begunAt;
}

function printPercentiles(what: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(share * (ms.length - 1))] ?? 0).toFixed(1);
  print(`${what}_p50_ms`, at(0.5));
  print(`${what}_p99_ms`, at(0.99));
}
