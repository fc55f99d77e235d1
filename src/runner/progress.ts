import type { Counters, PartitionProgress } from '../domain/execution.js';
import { addCounters, noCounters } from '../domain/execution.js';
import { addMeasured, type Measured, nothingMeasured } from '../domain/measures.js';
import type { RunnerReport } from '../domain/runner-report.js';
import type { Reach } from './group-progress.js';
import { sumOfShadows } from './shadow-sum.js';
import type { PartitionState, ThreadProgress, Trouble } from './thread-messages.js';

/** Batch durations that the percentiles are taken of. */
const SAMPLES_MAX = 1_024;
/** The rate is an average over so long. */
const RATE_WINDOW_MS = 5_000;

interface RatePoint {
  readonly at: number;
  readonly records: number;
}

export interface ProgressOptions {
  readonly threads: number;
  readonly modelSha256: string;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** What is known of the partitions before a thread takes them over. */
export interface PlannedPartitions {
  /** Bounded executions: by partition, the offset to stop at. */
  readonly endOffsets?: ReadonlyMap<number, number> | undefined;
  readonly begun: readonly PartitionState[];
  /** Of bounded executions. */
  readonly notBegun: readonly Reach[];
}

type Conditions = RunnerReport['conditions'];

/** What all threads of a runner report, as one. */
export class RunnerProgress {
  readonly #options: ProgressOptions;
  readonly #threads: (ThreadProgress & { readonly at: number })[] = [];
  readonly #loaded = new Set<number>();
  readonly #partitions = new Map<number, PartitionState>();
  #notBegun: readonly Reach[] = [];
  readonly #measured = nothingMeasured();
  #samples: number[] = [];
  #rate: RatePoint[] = [];
  #endOffsets: ReadonlyMap<number, number> | undefined;
  #modelSha256: string;
  #outputWritable = false;
  #trouble: Trouble | undefined;
  readonly #predictors = new Map<number, Trouble>();

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#modelSha256 = options.modelSha256;
  }

  /** The topics are there; partitions that no thread owns yet are as they were committed, or will be read so. */
  planned({ endOffsets, begun, notBegun }: PlannedPartitions): void {
    this.#outputWritable = true;
    this.#endOffsets = endOffsets;
    this.#trouble = undefined;
    this.#notBegun = notBegun;
    for (const state of begun) this.#partitions.set(state.partition, state);
  }

  /** Partitions that members of other tasks own, of so many; none until every thread has its own. */
  ownedByOthers(partitions: number): number[] {
    if (!this.ready) return [];
    const own = new Set(this.#owned().map(({ partition }) => partition));
    return Array.from({ length: partitions }, (_, partition) => partition).filter(
      (partition) => !own.has(partition),
    );
  }

  /** How far they are. What this execution counted stays. */
  reachedByOthers(found: readonly Reach[]): void {
    const own = new Set(this.#owned().map(({ partition }) => partition));
    for (const reach of found) {
      if (own.has(reach.partition)) continue;
      const counters = this.#partitions.get(reach.partition)?.counters ?? noCounters;
      this.#partitions.set(reach.partition, { ...reach, counters, progressAgeMs: 0 });
    }
  }

  /** Kafka cannot be reached before any thread tries. */
  troubled(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  /** What a thread's remote predictor has, if anything. */
  predictor(thread: number, trouble: Trouble | undefined): void {
    if (trouble) this.#predictors.set(thread, trouble);
    else this.#predictors.delete(thread);
  }

  /** The model that every thread scores with. */
  get modelSha256(): string {
    return this.#modelSha256;
  }

  loaded(thread: number): void {
    this.#loaded.add(thread);
  }

  update(thread: number, progress: ThreadProgress): void {
    this.#threads[thread] = { ...progress, at: this.#options.now() };
    const { modelSha256 } = progress;
    if (this.#live().every((one) => one.modelSha256 === modelSha256)) {
      this.#modelSha256 = modelSha256;
    }
    for (const state of progress.partitions) this.#partitions.set(state.partition, state);
    addMeasured(this.#measured, progress.measured);
    this.#samples.push(...progress.batchMs);
    if (this.#samples.length > SAMPLES_MAX) this.#samples = this.#samples.slice(-SAMPLES_MAX);
    this.#measureRate();
  }

  /** Every thread joined, loaded, and had its first answer. */
  get ready(): boolean {
    const { threads } = this.#options;
    const all = this.#threads.filter((thread) => thread?.ready).length === threads;
    return all && this.#outputWritable;
  }

  /** Bounded executions: whether every partition is done. */
  get completed(): boolean {
    if (!this.#endOffsets) return false;
    return [...this.#endOffsets].every(([partition, end]) => {
      const state = this.#partitions.get(partition);
      return state !== undefined && state.offset >= Math.min(end, state.endOffset);
    });
  }

  /** Since the runner began. */
  get measured(): Measured {
    return this.#measured;
  }

  /** Everything at this moment. */
  report(memoryBytes: number): RunnerReport {
    const partitions = this.#partitionProgress();
    const counters = this.#counters();
    const latencyMs = this.#latency();
    const shadow = sumOfShadows(this.#live().flatMap(({ shadow: one }) => one ?? []));
    const lag = partitions.reduce((sum, partition) => sum + partition.lag, 0);
    return {
      loopAgeMs: this.#loopAgeMs(),
      progressAgeMs: this.#progressAgeMs(),
      memoryBytes,
      recordsPerSecond: this.#recordsPerSecond(),
      ...(latencyMs ? { latencyMs } : {}),
      counters,
      partitions,
      ...(this.#endOffsets || this.ready
        ? { percentComplete: percentOf(counters.recordsIn, lag) }
        : {}),
      modelSha256: this.#modelSha256,
      ...(shadow ? { shadow } : {}),
      conditions: this.#conditions(lag),
    };
  }

  #partitionProgress(): PartitionProgress[] {
    const all = new Map<number, Reach & Pick<PartitionState, 'oldestAt'>>([
      ...this.#notBegun.map((reach) => [reach.partition, reach] as const),
      ...this.#partitions,
    ]);
    return [...all.values()]
      .sort((a, b) => a.partition - b.partition)
      .map(({ partition, offset, endOffset, oldestAt }) => ({
        partition,
        offset,
        endOffset,
        lag: Math.max(0, endOffset - offset),
        ...(oldestAt === undefined || endOffset <= offset ? {} : { oldestAt }),
      }));
  }

  #counters(): Counters {
    let sum = noCounters;
    for (const { counters } of this.#partitions.values()) sum = addCounters(sum, counters);
    return sum;
  }

  #live() {
    return this.#threads.filter((thread) => thread !== undefined);
  }

  #owned(): PartitionState[] {
    return this.#live().flatMap(({ partitions }) => partitions);
  }

  #loopAgeMs(): number {
    const now = this.#options.now();
    return Math.round(
      Math.max(0, ...this.#live().map(({ at, loopAgeMs }) => now - at + loopAgeMs)),
    );
  }

  #progressAgeMs(): number {
    const now = this.#options.now();
    const ages = this.#live().flatMap(({ at, partitions }) =>
      partitions.map(({ progressAgeMs }) => now - at + progressAgeMs),
    );
    return Math.round(Math.max(0, ...ages));
  }

  #measureRate(): void {
    const at = this.#options.now();
    const last = this.#rate.at(-1);
    if (last && at - last.at < RATE_WINDOW_MS / 20) return;
    this.#rate.push({ at, records: this.#counters().recordsIn });
    this.#rate = this.#rate.filter((point) => at - point.at <= RATE_WINDOW_MS);
  }

  #recordsPerSecond(): number {
    const [first] = this.#rate;
    const last = this.#rate.at(-1);
    if (!first || !last || last.at === first.at) return 0;
    return Math.max(0, ((last.records - first.records) * 1_000) / (last.at - first.at));
  }

  #latency(): RunnerReport['latencyMs'] {
    if (this.#samples.length === 0) return undefined;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }

  #loopAlive() {
    const ageMs = this.#loopAgeMs();
    if (ageMs < LOOP_TURN_MS) return { status: 'TRUE', reason: 'TURNING', message: '' } as const;
    const message = `The data loop did not turn for ${Math.round(ageMs / 1_000)} s.`;
    return { status: 'FALSE', reason: 'LOOP_STALLED', message } as const;
  }

  #conditions(lag: number): Conditions {
    const threads = this.#live();
    const all = threads.length === this.#options.threads;
    const trouble = threads.find((thread) => thread.trouble)?.trouble ?? this.#trouble;
    const broken = trouble ? { status: 'FALSE' as const, ...trouble } : undefined;
    const [away] = this.#predictors.values();
    const predictor = away ? { status: 'FALSE' as const, ...away } : undefined;
    const known = (value: boolean, reason: string) =>
      ({ status: value ? 'TRUE' : 'UNKNOWN', reason, message: '' }) as const;
    const truth = (value: boolean, reason: string) =>
      ({ status: value ? 'TRUE' : 'FALSE', reason, message: '' }) as const;
    const connected = all && threads.every((thread) => thread.connected);
    const joined = all && threads.every((thread) => thread.joined);
    const loaded = this.#loaded.size === this.#options.threads;
    return [
      { type: 'KafkaConnected', ...(broken ?? known(connected, 'CONNECTED')) },
      { type: 'GroupJoined', ...known(joined, 'JOINED') },
      { type: 'ModelLoaded', ...(predictor ?? known(loaded, 'LOADED')) },
      { type: 'OutputWritable', ...known(this.#outputWritable, 'TOPICS_FOUND') },
      { type: 'LoopAlive', ...(all ? this.#loopAlive() : known(false, 'STARTING')) },
      { type: 'Progressing', ...truth(this.#progressAgeMs() < LOOP_TURN_MS, 'PROGRESS') },
      { type: 'CaughtUp', ...truth(all && lag === 0, 'LAG') },
    ];
  }
}

/** An idle loop turns twice a second; a slow model gets the time of a few slices. */
const LOOP_TURN_MS = 5_000;

/** Share of the records that are done, to hundredths of a percent. */
export function percentOf(done: number, lag: number): number {
  if (lag === 0) return 100;
  return Math.floor((10_000 * done) / (done + lag)) / 100;
}
