import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import { type Connection, connect } from '../../src/cli/connection.js';
import { type LocalService, startLocalService } from '../../src/demo/local-service.js';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';
import type { ReadRecord, TestKafka } from '../support/kafka.js';

export interface CrashRunOptions {
  readonly kafka: TestKafka;
  /** Empty directory that outlives the service. */
  readonly data: string;
  readonly records: number;
  readonly partitions: number;
  /** What is killed, in order, at random moments of the run. */
  readonly kills: readonly ('runner' | 'service')[];
  readonly random: () => number;
  readonly note: (text: string) => void;
}

export interface CrashRunResult {
  readonly lost: number;
  readonly doubled: number;
  readonly outOfOrder: number;
  /** From each kill until a record was predicted again. */
  readonly recoveryMs: readonly number[];
  readonly counters: { readonly in: number; readonly out: number };
  readonly elapsedMs: number;
}

const taskName = 'users/admin/tasks/crash';
const runDeadlineMs = 180_000;
const recoveryDeadlineMs = 60_000;

/**
 * Runs a bounded exactly-once task over `records` records while its runner and the service are killed with SIGKILL, and
 * compares what is in the sink under `read_committed` with what was in the source.
 */
export async function crashRun(options: CrashRunOptions): Promise<CrashRunResult> {
  const { kafka, records, partitions, kills, note } = options;
  const source = await kafka.createTopic({ prefix: 'crash-in', partitions });
  await fill(options, source);
  const run = new CrashRun(
    options,
    await startLocalService({ ...options, brokers: kafka.bootstrapServers }),
  );
  try {
    const sink = `${source}-predicted`;
    await run.define(source, sink);
    const startedAt = performance.now();
    const recoveryMs: number[] = [];
    for (const [index, victim] of kills.entries()) {
      await run.reach(momentOf(index, options));
      const took = await run.kill(victim);
      note(`killed the ${victim}; predicting again after ${Math.round(took)} ms`);
      recoveryMs.push(took);
    }
    const task = await run.completed();
    const elapsedMs = performance.now() - startedAt;
    const found = await kafka.readCommitted(sink, { until: records, deadlineMs: runDeadlineMs });
    const counters = task.status?.counters;
    return {
      ...compare(found, records),
      recoveryMs,
      elapsedMs,
      counters: { in: Number(counters?.recordsIn), out: Number(counters?.recordsOut) },
    };
  } finally {
    await run.end();
  }
}

/** Kills are spread over the run, each somewhere in its own stretch. */
function momentOf(index: number, { records, kills, random }: CrashRunOptions): number {
  const stretch = records / (kills.length + 1);
  return Math.floor(stretch * (index + random() * 0.8) + stretch * 0.1);
}

async function fill({ kafka, records, partitions }: CrashRunOptions, topic: string): Promise<void> {
  const slice = 20_000;
  for (let from = 0; from < records; from += slice) {
    const length = Math.min(slice, records - from);
    const messages = Array.from({ length }, (_, index) => {
      const id = from + index;
      const features = [id % 8, (id % 50) / 10, id % 7, 0.2];
      return {
        key: String(id),
        value: JSON.stringify({ id, features }),
        partition: id % partitions,
      };
    });
    await kafka.produceRecords(topic, messages);
  }
}

class CrashRun {
  readonly #options: CrashRunOptions;
  #service: LocalService;
  #connection: Connection;

  constructor(options: CrashRunOptions, service: LocalService) {
    this.#options = options;
    this.#service = service;
    this.#connection = connectTo(service);
  }

  async define(source: string, sink: string): Promise<void> {
    const { tasks, models } = this.#connection;
    const data = await readFile(fixturePath('iris.onnx'));
    const content = { data, contentType: 'application/octet-stream' };
    await models.uploadModel(
      (async function* chunks() {
        yield { parent: 'users/admin', modelId: 'iris', content };
      })(),
    );
    await tasks.createTask({
      parent: 'users/admin',
      taskId: 'crash',
      task: {
        spec: {
          source: { topic: source },
          sink: { topic: sink },
          predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
          until: 2,
          // Small transactions, so that there are many moments at which a kill can come.
          batch: { maxRecords: 50 },
        },
      },
    });
    await tasks.startTask({ name: taskName });
  }

  /** Waits until so many records are predicted. */
  reach(recordsOut: number): Promise<Task> {
    return this.#until(`${recordsOut} records out`, recoveryDeadlineMs, (task) => {
      return Number(task.status?.counters?.recordsOut ?? 0n) >= recordsOut;
    });
  }

  /** Kills and answers after how many milliseconds a further record was predicted. */
  async kill(victim: 'runner' | 'service'): Promise<number> {
    const { status } = await this.#connection.tasks.getTask({ name: taskName });
    const before = Number(status?.counters?.recordsOut ?? 0n);
    const execution = status?.execution;
    const pid = status?.processId ?? 0;
    const killedAt = performance.now();
    if (victim === 'runner') {
      assert.ok(pid > 0, 'a runner is there');
      process.kill(pid, 'SIGKILL');
    } else {
      await this.#service.end('SIGKILL');
      await this.#startAgain();
    }
    await this.#until('progress after the kill', recoveryDeadlineMs, (task) => {
      const { status: now } = task;
      assert.ok(now);
      assert.equal(now.execution, execution, 'the same execution goes on');
      const isNew = now.processId !== pid && now.processId !== 0;
      const isDone = now.state === State.COMPLETED;
      return isDone || (isNew && Number(now.counters?.recordsOut) > before);
    });
    return performance.now() - killedAt;
  }

  completed(): Promise<Task> {
    return this.#until(
      'COMPLETED',
      runDeadlineMs,
      (task) => task.status?.state === State.COMPLETED,
    );
  }

  async end(): Promise<void> {
    this.#connection.close();
    await this.#service.end('SIGTERM');
  }

  async #startAgain(): Promise<void> {
    this.#connection.close();
    const { kafka, data } = this.#options;
    const listen = new URL(this.#service.url).host;
    this.#service = await startLocalService({ brokers: kafka.bootstrapServers, data, listen });
    this.#connection = connectTo(this.#service);
  }

  #until(what: string, deadlineMs: number, holds: (task: Task) => boolean): Promise<Task> {
    return eventually(
      async () => {
        const task = await this.#connection.tasks.getTask({ name: taskName });
        if (task.status?.state === State.FAILED) throw new Error(task.status.lastError);
        return holds(task) && task;
      },
      { deadlineMs, what },
    );
  }
}

function connectTo(service: LocalService): Connection {
  return connect({ url: service.url, tokenFile: service.adminFile }, {});
}

function compare(
  found: readonly ReadRecord[],
  records: number,
): Pick<CrashRunResult, 'lost' | 'doubled' | 'outOfOrder'> {
  const seen = new Uint8Array(records);
  const newest = new Map<number, number>();
  let doubled = 0;
  let outOfOrder = 0;
  for (const { key, partition } of found) {
    const id = Number(key);
    if (seen[id]) doubled += 1;
    seen[id] = 1;
    if (id < (newest.get(partition) ?? -1)) outOfOrder += 1;
    newest.set(partition, id);
  }
  return { lost: seen.filter((times) => times === 0).length, doubled, outOfOrder };
}
