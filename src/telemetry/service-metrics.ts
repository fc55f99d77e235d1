import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is read at each scrape. */
export interface Gauged {
  readonly watchers: () => number;
  readonly connections: () => number;
  readonly writesQueued: () => number;
}

export interface ServiceMetricsOptions {
  readonly version: string;
  readonly dataDirectory: string;
  /** Executions at once. */
  readonly tasksMax: number;
}

/** From half a millisecond to ten seconds. */
const callBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
/** Of prom-client's own gauges, those that are named as if they were counters. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** What is measured of the service itself, and the registry that shows it. One for each process. */
export function createServiceMetrics({ version, dataDirectory, tasksMax }: ServiceMetricsOptions) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  new Gauge({
    name: 'predictd_build_info',
    help: 'Always 1; the labels tell what runs.',
    labelNames: ['version', 'node_version'],
    registers,
  }).set({ version, node_version: process.version }, 1);
  new Gauge({
    name: 'predictd_executions_max',
    help: 'Executions that may have a runner at once.',
    registers,
  }).set(tasksMax);
  watchDisk(registry, dataDirectory);
  return {
    registry,
    calls: callMetrics(registry),
    requests: new Counter({
      name: 'predictd_http_requests_total',
      help: 'HTTP requests that ended, whatever served them. RPC protocols answer errors with 200 too.',
      labelNames: ['version', 'status'],
      registers,
    }),
    store: new Histogram({
      name: 'predictd_store_duration_seconds',
      help: 'Time of a read of the store, or of a write from being asked for to being on disk.',
      labelNames: ['operation'],
      buckets: callBuckets,
      registers,
    }),
    /** Shows what the parts of the service have, once they are there. */
    gauge: (gauged: Gauged) => watchGauges(registry, gauged),
  };
}

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>;
export type CallMetrics = ReturnType<typeof callMetrics>;

function callMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['service', 'method'] as const;
  return {
    ended: new Counter({
      name: 'predictd_rpc_requests_total',
      help: 'Calls that ended, over every protocol and transcoded route.',
      labelNames: [...labelNames, 'code'],
      registers,
    }),
    duration: new Histogram({
      name: 'predictd_rpc_duration_seconds',
      help: 'Time from the request of a unary call to its answer.',
      labelNames,
      buckets: callBuckets,
      registers,
    }),
    underWay: new Gauge({
      name: 'predictd_rpc_in_flight',
      help: 'Calls under way, open streams among them.',
      labelNames,
      registers,
    }),
  };
}

function watchGauges(registry: Registry, gauged: Gauged): void {
  const shown: readonly [name: string, help: string, read: () => number][] = [
    ['predictd_watchers', 'Open watches of tasks and tails of logs.', gauged.watchers],
    ['predictd_connections', 'Open connections to the one port.', gauged.connections],
    ['predictd_store_writes_queued', 'Writes that wait for the disk.', gauged.writesQueued],
  ];
  for (const [name, help, read] of shown) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}

/** The disk under the data directory. What cannot be read is not shown. */
function watchDisk(registry: Registry, directory: string): void {
  const shown: readonly [name: string, help: string, read: (disk: StatsFs) => number][] = [
    [
      'predictd_data_disk_size_bytes',
      'Size of the disk with the data directory.',
      ({ blocks, bsize }) => blocks * bsize,
    ],
    [
      'predictd_data_disk_available_bytes',
      'Space on the disk with the data directory that the service may still use.',
      ({ bavail, bsize }) => bavail * bsize,
    ],
  ];
  for (const [name, help, read] of shown) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const disk = await statfs(directory).catch(() => undefined);
        if (disk) this.set(read(disk));
        else this.reset();
      },
    });
  }
}
