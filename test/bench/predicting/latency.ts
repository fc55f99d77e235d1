import { setTimeout as delay } from 'node:timers/promises';
import { Fetcher } from '../../../src/kafka/fetcher.js';
import type { Contestant } from './contestant.js';
import { median } from './results.js';
import { type BenchTopics, BenchWriter, connectedTo, PARTITIONS } from './topics.js';
import type { ValueFor, Workload } from './workloads.js';

export interface LatencyOptions {
  readonly topics: BenchTopics;
  readonly brokers: string;
  readonly workload: Workload;
  readonly valueFor: ValueFor;
  /** Records a second that are written while the contestant predicts. */
  readonly rate: number;
  /** Time to warm up, once predictions come, before it counts. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Milliseconds from a record's writing to its prediction being read. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Parts of the time that are looked at on their own. */
const WINDOWS = 3;
/** How often the producer writes what is due. */
const TICK_MS = 5;
/** Records a second until the first prediction comes. */
const FIRST_RATE = 100;
const FIRST_OUTPUT_DEADLINE_MS = 60_000;
/** What was not predicted within it counts as never. */
const ARRIVAL_DEADLINE_MS = 10_000;
const FETCH_BYTES = 16 * 1024 * 1024;
const FETCH_WAIT_MS = 100;

/** The median of parts of the time, of all rounds: one pause of anything on the machine would else be the whole figure. */
export function medianLatency(windows: readonly Latency[]): Latency {
  return {
    p50: median(windows.map(({ p50 }) => p50)),
    p99: median(windows.map(({ p99 }) => p99)),
  };
}

/**
 * Lets a contestant predict a steady stream and reads its predictions as a reader of committed records does; gives the latencies of
 * each part of the time.
 */
export async function measureLatency(
  contestant: Contestant,
  options: LatencyOptions,
): Promise<Latency[]> {
  const { topics, workload } = options;
  const source = await topics.create(`${workload.name}-paced`);
  const sink = await topics.create(`${workload.name}-paced-${contestant.name}`);
  const over = new AbortController();
  const arrivals = new Arrivals();
  const reading = readSink(options, { sink, arrivals, signal: over.signal });
  const writing = writeAtRate(options, { source, arrivals, signal: over.signal });
  const run = await contestant.start({ workload, source, sink, records: 0 });
  try {
    await Promise.race([arrivals.first(FIRST_OUTPUT_DEADLINE_MS), writing, reading]);
    await delay(options.warmUpMs);
    arrivals.begin();
    await Promise.race([delay(options.measureMs), writing, reading]);
    await Promise.race([arrivals.settled(ARRIVAL_DEADLINE_MS), reading]);
    return arrivals.windows();
  } finally {
    over.abort();
    await Promise.allSettled([writing, reading]);
    await run.end();
    await topics.delete(source, sink);
  }
}

/** When which record was written, and how long its prediction took. */
class Arrivals {
  /** By record number, as are the arrivals. */
  readonly #sentAt: number[] = [];
  readonly #arrivedAt: number[] = [];
  #from = 0;
  #to = 0;
  /** Highest number that arrived, and what waits for a higher one. */
  #count = 0;
  #onArrival: (() => void) | undefined;

  /** Whether a prediction has come. */
  get any(): boolean {
    return this.#count > 0;
  }

  sent(at: number): number {
    return this.#sentAt.push(at) - 1;
  }

  arrived(id: number, at: number): void {
    this.#arrivedAt[id] = at;
    this.#count++;
    this.#onArrival?.();
  }

  async first(deadlineMs: number): Promise<void> {
    if (await this.#holds(() => this.#count > 0, deadlineMs)) return;
    throw new Error(`no prediction came in ${deadlineMs / 1_000} s`);
  }

  /** What is written from now on counts. */
  begin(): void {
    this.#from = this.#sentAt.length;
  }

  /** What was written until now counts; waits until all of it has arrived. */
  async settled(deadlineMs: number): Promise<void> {
    this.#to = this.#sentAt.length;
    await this.#holds(() => this.#count >= this.#to, deadlineMs);
  }

  windows(): Latency[] {
    const length = Math.floor((this.#to - this.#from) / WINDOWS);
    return Array.from({ length: WINDOWS }, (_, index) => {
      const sorted = this.#sorted(this.#from + index * length, length);
      const at = (share: number) => sorted[Math.floor(share * (length - 1))] ?? Number.NaN;
      return { p50: at(0.5), p99: at(0.99) };
    });
  }

  /** Latencies of so many records from a number on. */
  #sorted(from: number, length: number): Float64Array {
    const latencies = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const arrivedAt = this.#arrivedAt[from + i] ?? Number.POSITIVE_INFINITY;
      latencies[i] = arrivedAt - (this.#sentAt[from + i] ?? 0);
    }
    return latencies.sort();
  }

  async #holds(condition: () => boolean, deadlineMs: number): Promise<boolean> {
    const come = new Promise<boolean>((resolve) => {
      this.#onArrival = () => {
        if (condition()) resolve(true);
      };
      this.#onArrival();
    });
    const late = new AbortController();
    const missed = delay(deadlineMs, false, { signal: late.signal }).catch(() => false);
    const holds = await Promise.race([come, missed]);
    late.abort();
    return holds;
  }
}

interface Stream {
  readonly arrivals: Arrivals;
  readonly signal: AbortSignal;
}

async function writeAtRate(
  { brokers, valueFor, rate }: LatencyOptions,
  { source, arrivals, signal }: Stream & { readonly source: string },
): Promise<void> {
  await using writer = await BenchWriter.open(brokers, source);
  let due = 0;
  for (let last = performance.now(); !signal.aborted; await delay(TICK_MS)) {
    const now = performance.now();
    // Nobody begins with a backlog: until it predicts, it gets a few records to begin with.
    due += ((now - last) * (arrivals.any ? rate : FIRST_RATE)) / 1_000;
    last = now;
    for (; due >= 1; due--) {
      const id = arrivals.sent(now);
      writer.append(id, valueFor(id));
    }
    await writer.send();
  }
}

async function readSink(
  { brokers }: LatencyOptions,
  { sink, arrivals, signal }: Stream & { readonly sink: string },
): Promise<void> {
  const cluster = await connectedTo(brokers, sink);
  const fetcher = new Fetcher({
    cluster,
    topic: sink,
    maxWaitMs: FETCH_WAIT_MS,
    minBytes: 1,
    maxBytes: FETCH_BYTES,
    partitionBytes: FETCH_BYTES / PARTITIONS,
    onAnswer: () => undefined,
  });
  for (let partition = 0; partition < PARTITIONS; partition++) {
    const target = {
      position: 0,
      isNew: false,
      wantsMore: () => true,
      outOfRange: () => undefined,
      receive: (chunk: Parameters<Parameters<Fetcher['add']>[1]['receive']>[0]) => {
        const now = performance.now();
        target.position = chunk.nextOffset;
        for (const { bytes, keyStart, keyLength } of chunk.records.slice()) {
          arrivals.arrived(numberIn(bytes, keyStart, keyStart + keyLength), now);
        }
      },
    };
    fetcher.add(partition, target);
  }
  try {
    await fetcher.run(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await cluster.disconnect();
  }
}

function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) value = 10 * value + ((bytes[i] ?? 0) - 0x30);
  return value;
}
