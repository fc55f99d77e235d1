import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { Format, Guarantee, Until } from '../../../gen/ts/predictd/v1/task_pb.js';
import {
  type ServiceUnderTest,
  serviceUnderTest,
  taskName,
} from '../../main-job/service-under-test.js';
import {
  BATCH_RECORDS,
  type Contestant,
  MAX_WAIT_MS,
  RUN_DEADLINE_MS,
  type Run,
  type Span,
  type Work,
} from './contestant.js';
import { workloads } from './workloads.js';

/** The status is asked for so seldom that asking costs nothing. */
const POLL_MS = 250;
const over: readonly State[] = [
  State.COMPLETED,
  State.COMPLETED_WITH_WARNINGS,
  State.FAILED,
  State.CANCELLED,
];

/** The real service in a process of its own, one task after another made through its API. */
export class ServiceContestant implements Contestant, AsyncDisposable {
  readonly name = 'predictd';
  readonly #under: ServiceUnderTest;
  readonly #probes: string;
  #tasks = 0;

  private constructor(under: ServiceUnderTest, probes: string) {
    this.#under = under;
    this.#probes = probes;
  }

  /** Starts it with the models of all workloads. `profiles`: a folder for CPU profiles of predictor threads. */
  static async open(brokers: string, profiles?: string): Promise<ServiceContestant> {
    const probes = profiles ?? (await mkdtemp(join(tmpdir(), 'predictd-probes-')));
    await mkdir(probes, { recursive: true });
    const probe = fileURLToPath(new URL('./probe.js', import.meta.url));
    process.env.NODE_OPTIONS = `--import=${probe}`;
    process.env.PREDICTD_BENCH_PROBE = probes;
    if (profiles !== undefined) process.env.PREDICTD_BENCH_PROFILE = '1';
    try {
      const own = new ServiceContestant(await serviceUnderTest({ brokers }), probes);
      await own.#upload();
      return own;
    } finally {
      delete process.env.NODE_OPTIONS;
    }
  }

  async start(work: Work): Promise<Run> {
    const id = `bench-${++this.#tasks}`;
    const begunAt = Date.now();
    await this.#define(id, work);
    await this.#under.connection.tasks.startTask({ name: taskName(id) });
    return {
      processId: this.#under.service.processId,
      done: () => this.#done(id, begunAt),
      end: () => this.#end(id),
    };
  }

  /** The last of what the service said on stderr. */
  talk(): string {
    return this.#under.service.talk();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#under[Symbol.asyncDispose]();
    if (process.env.PREDICTD_BENCH_PROFILE === undefined) {
      await rm(this.#probes, { recursive: true, force: true });
    }
  }

  /** A service without its models is of no use and must not be left behind. */
  async #upload(): Promise<void> {
    try {
      for (const model of new Set(workloads.map((one) => one.model)))
        await this.#under.upload(model);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #define(
    taskId: string,
    { workload, source, sink, records, parallelism = 1 }: Work,
  ): Promise<void> {
    const predictor = { kind: { case: 'onnx', value: { model: workload.model } } } as const;
    const nanos = MAX_WAIT_MS * 1_000_000;
    const format = Format[workload.format];
    await this.#under.connection.tasks.createTask({
      parent: 'users/admin',
      taskId,
      task: {
        spec: {
          source: { topic: source, format },
          sink: {
            topic: sink,
            format,
            fields: format === Format.FLOAT32 ? { probabilities: 'probabilities' } : {},
          },
          predictor,
          until: records > 0 ? Until.END : Until.STOPPED,
          guarantee: Guarantee.EXACTLY_ONCE,
          parallelism,
          batch: { maxRecords: BATCH_RECORDS, maxWait: { seconds: 0n, nanos } },
        },
      },
    });
  }

  async #done(id: string, begunAt: number): Promise<Span> {
    const task = await this.#until(id, over);
    const { status } = task;
    if (status?.state !== State.COMPLETED) throw new Error(`predictd failed: ${status?.lastError}`);
    const wholeMs = Number(status.endTime?.seconds) * 1_000 - begunAt;
    const nanos = status.endTime?.nanos ?? 0;
    return { ...(await this.#marks()), wholeMs: wholeMs + nanos / 1e6 };
  }

  async #end(id: string): Promise<void> {
    const { tasks } = this.#under.connection;
    const { status } = await tasks.getTask({ name: taskName(id) });
    if (!over.includes(status?.state ?? 0)) await tasks.stopTask({ name: taskName(id) });
    await this.#until(id, over);
    await this.#marks().catch(() => undefined);
    await tasks.deleteTask({ name: taskName(id) });
  }

  async #until(id: string, states: readonly State[]) {
    const giveUpAt = Date.now() + RUN_DEADLINE_MS;
    while (Date.now() < giveUpAt) {
      const task = await this.#under.connection.tasks.getTask({ name: taskName(id) });
      if (states.includes(task.status?.state ?? 0)) return task;
      await delay(POLL_MS);
    }
    throw new Error(`${id} was not over in ${RUN_DEADLINE_MS / 1_000} s`);
  }

  /** What the probes of all predictor threads wrote. */
  async #marks(): Promise<Pick<Span, 'firstRecordAt' | 'lastCommitAt'>> {
    const names = (await readdir(this.#probes)).filter((file) => file.endsWith('.json'));
    const firsts: number[] = [];
    const lasts: number[] = [];
    for (const path of names.map((name) => join(this.#probes, name))) {
      const { firstRecordAt, lastCommitAt } = JSON.parse(await readFile(path, 'utf8'));
      await rm(path);
      // A thread may have had no partition.
      if (firstRecordAt === 0) continue;
      firsts.push(firstRecordAt);
      lasts.push(lastCommitAt);
    }
    if (firsts.length === 0) throw new Error('the probes of the predictor threads wrote nothing');
    return { firstRecordAt: Math.min(...firsts), lastCommitAt: Math.max(...lasts) };
  }
}
