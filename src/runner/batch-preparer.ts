import { setTimeout as delay } from 'node:timers/promises';
import type { OffsetRange, Suspects } from '../domain/suspects.js';
import type { TaskSpec } from '../domain/task.js';
import { RecordTooLargeError } from '../kafka/codec-errors.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from '../predict/bad-record.js';
import type { ScoreSink } from '../predict/hand-out.js';
import type { WrittenRow } from '../predict/prediction-writer.js';
import type { BatchSpan, BatchSpans } from './batch-span.js';
import { writeDeadLetter } from './dead-letter.js';
import { type EncodedHeaders, WithHeaders } from './extra-headers.js';
import { RunnerError } from './failure.js';
import type { Taken } from './partition-buffer.js';
import type { BatchBuffers, PreparedBatch } from './prepared-batch.js';
import { recordTraceparent } from './record-traceparent.js';
import type { ScoringMark } from './scoring-mark.js';
import { sinkPartition } from './sink-partition.js';
import { Suspicion } from './suspicion.js';
import type { Plan } from './thread-messages.js';
import type { ThreadModel } from './thread-model.js';
import type { ThreadModels } from './thread-models.js';
import { TopicGate } from './topic-limits.js';
import type { Turns } from './turns.js';

/** How often a thread that waits for others says that it turns. */
const TURN_MS = 500;
/** What is scored and not written is lost when the runner ends. */
const BATCH_MS_MAX = 5_000;
/** After a slice that blocked the thread for long, commits under way and heartbeats get a share of its time. */
const LONG_SLICE_MS = 1_000;
const PAUSE_SHARE = 0.05;
const PAUSE_MS_MAX = 500;

export interface BatchPreparerOptions {
  readonly models: ThreadModels;
  readonly mark: ScoringMark;
  readonly suspects: Suspects | undefined;
  readonly turns: Turns;
  readonly plan: Plan;
  readonly spec: Pick<TaskSpec, 'onBadRecord' | 'source' | 'batch'>;
  /** Absent: nobody traces. */
  readonly spans?: BatchSpans | undefined;
  /** Told after each slice that the loop turns. */
  readonly onTurn: () => void;
}

/** Where a micro-batch goes. */
interface Into {
  readonly partition: number;
  readonly buffers: BatchBuffers;
  readonly span: BatchSpan | undefined;
}

/** What is added to predictions: of records that belong to a trace, and of others. The same where nobody traces. */
interface AddedHeaders {
  readonly known: EncodedHeaders;
  readonly fresh: EncodedHeaders;
}

/** Predicts micro-batches of all partitions of a thread, one slice at a time. */
export class BatchPreparer {
  readonly #options: BatchPreparerOptions;

  constructor(options: BatchPreparerOptions) {
    this.#options = options;
  }

  /** As many records as a micro-batch should have at most, now: what a slow model has scored is to be written soon. */
  get maxRecords(): number {
    const { models, spec } = this.#options;
    return Math.min(spec.batch.maxRecords, models.active.rowsWithin(BATCH_MS_MAX));
  }

  /** Predicts and encodes; undefined if `signal` was aborted on the way. Throws RunnerError BAD_RECORD under policy FAIL. */
  async prepare(
    taken: Taken,
    into: { readonly partition: number; readonly buffers: BatchBuffers },
    signal: AbortSignal,
  ): Promise<PreparedBatch | undefined> {
    const span = this.#options.spans?.begin(into.partition, taken.records);
    try {
      const prepared = await this.#prepare(taken, { ...into, span }, signal);
      if (!prepared) span?.fail();
      return prepared;
    } catch (error) {
      span?.fail();
      throw error;
    }
  }

  async #prepare(
    taken: Taken,
    into: Into,
    signal: AbortSignal,
  ): Promise<PreparedBatch | undefined> {
    const startedAt = performance.now();
    const spent = { decodeMs: 0, scoreMs: 0 };
    const { span, partition, buffers } = into;
    buffers.reset();
    // One model for the whole micro-batch, whatever is wished for meanwhile.
    const model = this.#options.models.active;
    const known = model.header;
    const headers = { known, fresh: span?.headers(known) ?? known };
    const sink = new BatchSink(this.#options, headers, into);
    const isDone = await model.use(() =>
      this.#score(model, { taken, sink, spent, signal, partition }),
    );
    if (!isDone) return undefined;
    const sends = buffers.finish();
    const times = timesOf(taken.records);
    const { nextOffset } = taken;
    return { sends, counters: sink.counters, nextOffset, startedAt, spent, times, span };
  }

  /** Whether all was scored before `signal` was aborted. */
  async #score(model: ThreadModel, { taken, ...slicing }: Scoring): Promise<boolean> {
    const { turns, suspects } = this.#options;
    const { records } = taken;
    const { signal, sink, partition } = slicing;
    const suspicion = Suspicion.of(suspects, partition);
    for (let from = 0; from < records.length; ) {
      if (signal.aborted) return false;
      const most = Math.min(records.length, from + model.sliceRows);
      const { to, condemned } = suspicion?.next(records, from, model.sliceRows) ?? { to: most };
      const slice = from === 0 && to === records.length ? records : records.slice(from, to);
      if (condemned)
        sink.bad(slice[0] as SourceRecord, badRecord(condemned.reason, condemned.message));
      else await turns.take(() => this.#scoreSlice(model, slice, slicing));
      from = to;
    }
    return !signal.aborted;
  }

  async #scoreSlice(
    model: ThreadModel,
    slice: readonly SourceRecord[],
    { sink, spent, signal, partition }: Slicing,
  ): Promise<void> {
    // The turn may have come too late.
    if (signal.aborted) return;
    const { models, mark, onTurn } = this.#options;
    const { scorer } = model;
    const { decodeMs, scoreMs } = scorer.spent;
    const isRemote = scorer.rowsAtOnce !== undefined;
    // The thread is free while others predict, and says so; how long they take is theirs to bound.
    const timer = isRemote ? setInterval(onTurn, TURN_MS) : undefined;
    if (!isRemote) mark.begin(rangeOf(slice, partition));
    await models.score(model, slice, { sink, signal, mark }).finally(() => {
      mark.end();
      clearInterval(timer);
    });
    spent.decodeMs += scorer.spent.decodeMs - decodeMs;
    const scoredMs = scorer.spent.scoreMs - scoreMs;
    spent.scoreMs += scoredMs;
    onTurn();
    if (!isRemote && scoredMs > LONG_SLICE_MS) {
      await delay(Math.min(PAUSE_MS_MAX, PAUSE_SHARE * scoredMs));
    }
  }
}

interface Scoring extends Slicing {
  readonly taken: Taken;
}

/** Records are in the order of their times, nearly: a few of a batch tell as much as all do. */
const TIMES_MAX = 32;

function timesOf(records: readonly SourceRecord[]): number[] {
  const count = Math.min(TIMES_MAX, records.length);
  const every = records.length / count;
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    times.push(records[Math.floor((i + 0.5) * every)]?.timestampMs ?? -1);
  }
  return times;
}

function rangeOf(slice: readonly SourceRecord[], partition: number): OffsetRange {
  const first = offsetOf(slice[0] as SourceRecord);
  return { partition, from: first, to: offsetOf(slice.at(-1) as SourceRecord) };
}

/** What all slices of a micro-batch share. */
interface Slicing {
  readonly partition: number;
  readonly sink: ScoreSink;
  readonly spent: { decodeMs: number; scoreMs: number };
  readonly signal: AbortSignal;
}

/** Encodes what came of one micro-batch, and counts it. */
class BatchSink implements ScoreSink {
  readonly counters = { recordsIn: 0, recordsOut: 0, recordsDeadLettered: 0, recordsSkipped: 0 };
  readonly #options: BatchPreparerOptions;
  readonly #headers: AddedHeaders;
  readonly #partition: number;
  readonly #buffers: BatchBuffers;
  readonly #source = new WithHeaders();
  readonly #gate: TopicGate;
  readonly #deadLetterGate: TopicGate | undefined;

  constructor(
    options: BatchPreparerOptions,
    headers: AddedHeaders,
    into: Pick<Into, 'partition' | 'buffers'>,
  ) {
    this.#options = options;
    this.#headers = headers;
    this.#partition = into.partition;
    this.#buffers = into.buffers;
    const { sink, deadLetter } = options.plan;
    const now = Date.now();
    this.#gate = new TopicGate(sink.topic, sink.limits, now);
    this.#deadLetterGate = deadLetter && new TopicGate(deadLetter.topic, deadLetter.limits, now);
  }

  predicted(record: SourceRecord, row: WrittenRow): void {
    const { plan } = this.#options;
    const source = this.#source.set(record, this.#headersOf(record));
    const refusal = this.#gate.refuses(source);
    if (refusal) {
      this.bad(record, refusal);
      return;
    }
    const from = { partition: this.#partition, partitions: plan.sourcePartitions };
    const partition = sinkPartition(record, from, plan.sink.partitions);
    const writer = this.#buffers.writer(plan.sink, partition);
    try {
      writer.append(source, row.bytes, row.length);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      this.bad(record, badRecord('TOO_LARGE', `${error.message}.`));
      return;
    }
    this.counters.recordsIn++;
    this.counters.recordsOut++;
  }

  /** A record that is traced keeps its trace. */
  #headersOf(record: SourceRecord): EncodedHeaders {
    const { known, fresh } = this.#headers;
    return fresh === known || recordTraceparent(record) !== undefined ? known : fresh;
  }

  bad(record: SourceRecord, why: BadRecord): void {
    const { plan, spec } = this.#options;
    this.counters.recordsIn++;
    const place = { topic: spec.source.topic, partition: this.#partition };
    if (spec.onBadRecord === 'SKIP') {
      this.counters.recordsSkipped++;
      return;
    }
    if (spec.onBadRecord === 'FAIL' || !plan.deadLetter) {
      const where = `${place.topic}-${place.partition} at offset ${offsetOf(record)}`;
      throw new RunnerError('BAD_RECORD', `${where}: ${why.reason}: ${why.message}`);
    }
    const from = { partition: this.#partition, partitions: plan.sourcePartitions };
    const partition = sinkPartition(record, from, plan.deadLetter.partitions);
    const writer = this.#buffers.writer(plan.deadLetter, partition);
    writeDeadLetter(writer, record, { why, place, timestampMs: this.#timeOf(record) });
    this.counters.recordsDeadLettered++;
  }

  /** A dead letter is written whatever its time; its own one is among its headers. */
  #timeOf({ timestampMs }: SourceRecord): number {
    return this.#deadLetterGate?.takesTime(timestampMs) === false ? Date.now() : timestampMs;
  }
}
