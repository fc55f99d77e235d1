import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startKafka } from '../../src/demo/local-kafka.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { installCodecs } from '../../src/kafka/install-codecs.js';
import { seededRandom } from '../domain/simulation.js';
import { barChart } from './predicting/bar-chart.js';
import type { Contestant, Work } from './predicting/contestant.js';
import { type Latency, measureLatency, medianLatency } from './predicting/latency.js';
import { pythonPeer, streamsPeer } from './predicting/peers.js';
import { ProcessTree } from './predicting/process-tree.js';
import {
  median,
  payloadRows,
  type Result,
  ratioRows,
  resultRows,
  resultsPage,
  versionOf,
} from './predicting/results.js';
import { ServiceContestant } from './predicting/service.js';
import { measureSteps } from './predicting/steps.js';
import { BenchTopics } from './predicting/topics.js';
import { recordValues, type ValueFor, type Workload, workloads } from './predicting/workloads.js';

/**
 * Lets predictd and what users would write instead predict the same topics by turns, and prints what each did as tab-separated lines: a
 * table of results, one of ratios, one of single steps. `--quick` ends within two minutes; `--write` also writes test/bench/RESULTS.md and
 * its picture; `--profile FOLDER` writes CPU profiles of predictd's threads, and `--rate` sets the load for latencies. Node is started
 * with the old space of a runner's threads: V8 counts fetched bytes in, and would mark the whole heap for each fetch or two, which made
 * fetching look three times as dear as it is and writers and readers of latencies pause.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    programs: { type: 'string' },
    rounds: { type: 'string' },
    rate: { type: 'string' },
    'no-latency': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
/** Of the slowest program's speed; broker, producer and reader need the rest of the machine. */
const LOAD_SHARE = 0.7;
const SEED = 7;
const QUICK_SHARE = 0.25;
const rounds = Number(flags.rounds ?? (flags.quick ? 1 : 3));
const pace = flags.quick
  ? { warmUpMs: 1_500, measureMs: 2_000 }
  : { warmUpMs: 4_000, measureMs: 6_000 };

/** Whether the broker has had its first minute. There is none in a quick run. */
let isWarm = flags.quick;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (rows: readonly (readonly string[])[]): void => {
  process.stdout.write(`${rows.map((row) => row.join('\t')).join('\n')}\n`);
};

installCodecs();
const kafka = await startKafka({ heapMaxMib: 1_024, onProgress: say });
const brokers = kafka.bootstrapServers;
const topics = new BenchTopics(brokers);
const service = await ServiceContestant.open(brokers, flags.profile).catch(async (error) => {
  await kafka.stop();
  throw error;
});
try {
  const contestants = await allContestants();
  const results: Result[] = [];
  const steps: string[][] = [];
  for (const workload of chosen(workloads, flags.only)) {
    const { own, source, valueFor } = await measureSpeeds(contestants, workload);
    const slowest = Math.min(...own.map(({ recordsPerSecond }) => recordsPerSecond));
    const rate = Number(flags.rate ?? LOAD_SHARE * slowest);
    results.push(
      ...(flags['no-latency']
        ? own
        : await measureLatencies(contestants, own, { workload, valueFor, rate })),
    );
    const [head = [], row = []] = await measureSteps({ brokers, topics, workload, source });
    if (steps.length === 0) steps.push(head);
    steps.push(row);
    await topics.delete(source);
  }
  const tables = [resultRows(results), ratioRows(results), payloadRows(results), steps];
  for (const table of tables) print(table);
  if (flags.write) await writeResults(results, steps);
} catch (error) {
  say(service.talk());
  throw error;
} finally {
  await service[Symbol.asyncDispose]();
  await kafka.stop();
}

async function allContestants(): Promise<Contestant[]> {
  const all = [service, await pythonPeer(brokers, say), await streamsPeer(brokers, say)];
  return chosen(all, flags.programs);
}

function chosen<T extends { readonly name: string }>(all: readonly T[], names?: string): T[] {
  const wanted = names?.split(',');
  return all.filter(({ name }) => wanted?.includes(name) ?? true);
}

async function measureSpeeds(contestants: readonly Contestant[], workload: Workload) {
  const valueFor = recordValues(workload, seededRandom(SEED));
  const records = Math.round(workload.records * (flags.quick ? QUICK_SHARE : 1));
  const source = await topics.create(workload.name);
  say(`${workload.name}: writing ${records} records`);
  await topics.load(source, valueFor, records);
  const runs = new Map<Contestant, Result[]>();
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      const result = await runOnce(contestant, { workload, source, records });
      const speed = result.recordsPerSecond.toFixed(0);
      const cpu = result.cpuUsPerRecord.toFixed(1);
      say(`${workload.name}: ${contestant.name} ${speed} records/s, ${cpu} µs of CPU a record`);
      runs.set(contestant, [...(runs.get(contestant) ?? []), result]);
    }
  }
  return {
    own: contestants.map((contestant) => middle(runs.get(contestant) ?? [])),
    source,
    valueFor,
  };
}

/** By turns. A broker's first minute under such a load is slow, and would count against whoever comes first: a round before the first does not count. */
async function measureLatencies(
  contestants: readonly Contestant[],
  results: readonly Result[],
  load: { readonly workload: Workload; readonly valueFor: ValueFor; readonly rate: number },
): Promise<Result[]> {
  const options = { topics, brokers, ...load, ...pace };
  const windows = new Map<string, Latency[]>();
  for (let round = isWarm ? 0 : -1; round < rounds; round++) {
    for (const contestant of contestants) {
      const { name } = contestant;
      const found = await measureLatency(contestant, options);
      const { p50, p99 } = medianLatency(found);
      const counts = round < 0 ? ' (warming up)' : '';
      const latency = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${counts}`;
      say(`${load.workload.name}: ${name} at ${load.rate.toFixed(0)} records/s: ${latency}`);
      if (round >= 0) windows.set(name, [...(windows.get(name) ?? []), ...found]);
    }
  }
  isWarm = true;
  return results.map((result) => ({
    ...result,
    latency: medianLatency(windows.get(result.contestant) ?? []),
  }));
}

async function runOnce(contestant: Contestant, work: Omit<Work, 'sink'>): Promise<Result> {
  const sink = await topics.create(`${work.workload.name}-${contestant.name}`);
  const run = await contestant.start({ ...work, sink });
  using tree = new ProcessTree(run.processId);
  try {
    const { firstRecordAt, lastCommitAt, wholeMs } = await run.done();
    return {
      contestant: contestant.name,
      workload: work.workload,
      records: work.records,
      recordsPerSecond: (work.records * 1_000) / (lastCommitAt - firstRecordAt),
      cpuUsPerRecord: (1_000 * tree.cpuMsBetween(firstRecordAt, lastCommitAt)) / work.records,
      peakBytes: tree.peakBytes,
      ...(wholeMs === undefined ? {} : { wholeMs }),
    };
  } finally {
    await run.end();
    await topics.delete(sink);
  }
}

function middle(runs: readonly Result[]): Result {
  const [first] = runs;
  if (!first) throw new RangeError('no round was run');
  const wholes = runs.flatMap(({ wholeMs }) => wholeMs ?? []);
  return {
    ...first,
    recordsPerSecond: median(runs.map(({ recordsPerSecond }) => recordsPerSecond)),
    cpuUsPerRecord: median(runs.map(({ cpuUsPerRecord }) => cpuUsPerRecord)),
    peakBytes: median(runs.map(({ peakBytes }) => peakBytes)),
    ...(wholes.length === 0 ? {} : { wholeMs: median(wholes) }),
  };
}

async function writeResults(results: readonly Result[], steps: readonly string[][]): Promise<void> {
  const folder = join(packageRoot(), 'test', 'bench');
  const page = resultsPage({
    results,
    steps,
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    versions: {
      node: process.version,
      python: versionOf('python3', '--version'),
      java: versionOf('java', '-version'),
      kafka: 'Apache Kafka 4.1.1, one broker',
    },
    date: new Date().toISOString().slice(0, 10),
  });
  await writeFile(join(folder, 'RESULTS.md'), page);
  await writeFile(join(folder, 'results.svg'), barChart(results));
}
