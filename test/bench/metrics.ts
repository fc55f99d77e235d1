import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Measure, measure, measures, nothingMeasured } from '../../src/domain/measures.js';
import type { TaskSample } from '../../src/domain/task-sample.js';
import { createServiceMetrics } from '../../src/telemetry/service-metrics.js';
import { openMetrics } from '../../src/transport/metrics-route.js';

/**
 * What a scrape of 100 busy tasks takes, over HTTP as Prometheus does it, and what stays in memory after thousands of
 * them; and what measuring costs a micro-batch. Prints JSON.
 */
const tasksCount = 100;
const partitionsEach = 4;
const warmUps = 50;
const scrapes = 1_000;

function busyTask(_: unknown, index: number): TaskSample {
  const measured = nothingMeasured();
  for (const name of Object.keys(measures) as Measure[]) {
    for (let i = 1; i < 500; i++) measure(measured, name, i ** 2 / 1e4);
  }
  const partitions = Array.from({ length: partitionsEach }, (_each, partition) => ({
    partition,
    offset: 1e6,
    endOffset: 1e6 + index,
    lag: index,
    oldestAt: Date.now() - 500,
  }));
  const counters = { recordsIn: 1e9, recordsOut: 1e9, recordsDeadLettered: 3, recordsSkipped: 0 };
  const active = { recordsPerSecond: 5e4, memoryBytes: 3e8, partitions };
  const user = `user-${index % 7}`;
  return {
    user,
    name: `task-${index}`,
    state: 'RUNNING',
    counters,
    restarts: 1,
    executions: 2,
    active,
    measured,
  };
}

async function benchScrape() {
  const tasks = Array.from({ length: tasksCount }, busyTask);
  const options = { version: '0', dataDirectory: '.', tasksMax: tasksCount };
  const { registry } = createServiceMetrics(options);
  const handler = openMetrics({ registry, sampleTasks: async () => tasks, now: Date.now });
  const server = createServer((req, res) => void handler(req, res)).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const results: Record<string, unknown> = {};
  for (const encoding of ['gzip', 'identity']) {
    const headers = { 'accept-encoding': encoding };
    const times: number[] = [];
    let text = '';
    let heapAt = 0;
    for (let i = 0; i < warmUps + scrapes; i++) {
      if (i === warmUps) heapAt = settledHeap();
      const before = performance.now();
      const res = await fetch(url, { headers });
      text = await res.text();
      if (i >= warmUps) times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    const at = (share: number) => Number((times[Math.floor(share * times.length)] ?? 0).toFixed(2));
    results[encoding] = {
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      textKib: Math.round(text.length / 1024),
      series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
      heapGrowthKib: Math.round((settledHeap() - heapAt) / 1024),
    };
  }
  server.close();
  return results;
}

function settledHeap(): number {
  global.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Nanoseconds of counting one micro-batch: three durations, a size, and the times of 32 records. */
function benchMeasuring(): number {
  const row = nothingMeasured();
  const rounds = 200_000;
  const before = performance.now();
  for (let i = 0; i < rounds; i++) {
    measure(row, 'decode', 0.0004);
    measure(row, 'score', 0.003);
    measure(row, 'commit', 0.006);
    measure(row, 'batchRecords', 4_000);
    for (let k = 0; k < 32; k++) measure(row, 'endToEnd', 0.02 + k / 1e3, 125);
  }
  return Math.round(((performance.now() - before) * 1e6) / rounds);
}

const scrapeResults = await benchScrape();
const result = {
  tasks: tasksCount,
  partitionsEach,
  ...scrapeResults,
  measureBatchNs: benchMeasuring(),
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
