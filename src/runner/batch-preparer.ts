import type { TaskSpec } from '../domain/task.js';
import { RecordTooLargeError } from '../kafka/codec-errors.js';
import { offsetOf, type SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from '../predict/bad-record.js';
import type { WrittenRow } from '../predict/prediction-writer.js';
import type { RecordScorer, ScoreSink } from '../predict/scorer.js';
import { writeDeadLetter } from './dead-letter.js';
import { type EncodedHeaders, encodeHeaders, WithHeaders } from './extra-headers.js';
import { RunnerError } from './failure.js';
import type { Taken } from './partition-buffer.js';
import type { BatchBuffers, PreparedBatch } from './prepared-batch.js';
import { sinkPartition } from './sink-partition.js';
import type { Plan } from './thread-messages.js';
import type { Turns } from './turns.js';

/** The model blocks its thread while it runs; the group must hear of the thread in between. */
const SLICE_MS = 100;
const FIRST_SLICE_ROWS_MAX = 256;
const SLICE_ROWS_MAX = 16_384;
const TURN_MS = 500;

export interface BatchPreparerOptions {
  readonly scorer: RecordScorer;
  readonly turns: Turns;
  readonly plan: Plan;
  readonly spec: Pick<TaskSpec, 'onBadRecord' | 'source'>;
  readonly modelSha256: string;
  /** Told after each slice that the loop turns. */
  readonly onTurn: () => void;
}

/** Predicts micro-batches of all partitions of a thread, one slice at a time. */
export class BatchPreparer {
  readonly #options: BatchPreparerOptions;
  readonly #modelHeader: EncodedHeaders;
  #sliceRows: number;

  constructor(options: BatchPreparerOptions) {
    this.#options = options;
    const { rowsAtOnce } = options.scorer;
    const rows = Math.round(SLICE_MS / Math.max(options.scorer.rowMs, 1e-3));
    this.#sliceRows = rowsAtOnce ?? Math.max(1, Math.min(FIRST_SLICE_ROWS_MAX, rows));
    const sha256 = Buffer.from(options.modelSha256);
    this.#modelHeader = encodeHeaders(sha256.length > 0 ? [['predictd-model-sha256', sha256]] : []);
  }

  /** Predicts and encodes; undefined if `signal` was aborted on the way. Throws RunnerError BAD_RECORD under policy FAIL. */
  async prepare(
    taken: Taken,
    into: { readonly partition: number; readonly buffers: BatchBuffers },
    signal: AbortSignal,
  ): Promise<PreparedBatch | undefined> {
    const startedAt = performance.now();
    const spent = { decodeMs: 0, scoreMs: 0 };
    into.buffers.reset();
    const sink = new BatchSink(this.#options, this.#modelHeader, into);
    const { records } = taken;
    for (let from = 0; from < records.length; ) {
      if (signal.aborted) return undefined;
      const to = Math.min(records.length, from + this.#sliceRows);
      const slice = from === 0 && to === records.length ? records : records.slice(from, to);
      await this.#options.turns.take(() => this.#scoreSlice(slice, { sink, spent, signal }));
      from = to;
    }
    const sends = into.buffers.finish();
    const times = timesOf(records);
    const { nextOffset } = taken;
    return { sends, counters: sink.counters, nextOffset, startedAt, spent, times };
  }

  async #scoreSlice(
    slice: readonly SourceRecord[],
    { sink, spent, signal }: Slicing,
  ): Promise<void> {
    const { scorer, onTurn } = this.#options;
    const { decodeMs, scoreMs } = scorer.spent;
    const isRemote = scorer.rowsAtOnce !== undefined;
    // The thread is free while others predict, and says so; how long they take is theirs to bound.
    const timer = isRemote ? setInterval(onTurn, TURN_MS) : undefined;
    const before = performance.now();
    await scorer.score(slice, sink, signal).finally(() => clearInterval(timer));
    const ms = performance.now() - before;
    spent.decodeMs += scorer.spent.decodeMs - decodeMs;
    spent.scoreMs += scorer.spent.scoreMs - scoreMs;
    onTurn();
    if (isRemote) return;
    const rowMs = Math.max(ms / slice.length, 1e-4);
    const next = Math.round((this.#sliceRows + SLICE_MS / rowMs) / 2);
    this.#sliceRows = Math.max(1, Math.min(SLICE_ROWS_MAX, next));
  }
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

/** What all slices of a micro-batch share. */
interface Slicing {
  readonly sink: ScoreSink;
  readonly spent: { decodeMs: number; scoreMs: number };
  readonly signal: AbortSignal;
}

/** Encodes what came of one micro-batch, and counts it. */
class BatchSink implements ScoreSink {
  readonly counters = { recordsIn: 0, recordsOut: 0, recordsDeadLettered: 0, recordsSkipped: 0 };
  readonly #options: BatchPreparerOptions;
  readonly #header: EncodedHeaders;
  readonly #partition: number;
  readonly #buffers: BatchBuffers;
  readonly #source = new WithHeaders();

  constructor(
    options: BatchPreparerOptions,
    header: EncodedHeaders,
    into: { readonly partition: number; readonly buffers: BatchBuffers },
  ) {
    this.#options = options;
    this.#header = header;
    this.#partition = into.partition;
    this.#buffers = into.buffers;
  }

  predicted(record: SourceRecord, row: WrittenRow): void {
    const { plan } = this.#options;
    const from = { partition: this.#partition, partitions: plan.sourcePartitions };
    const partition = sinkPartition(record, from, plan.sink.partitions);
    const writer = this.#buffers.writer(plan.sink, partition);
    try {
      writer.append(this.#source.set(record, this.#header), row.bytes, row.length);
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      this.bad(record, badRecord('TOO_LARGE', `${error.message}.`));
      return;
    }
    this.counters.recordsIn++;
    this.counters.recordsOut++;
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
    writeDeadLetter(this.#buffers.writer(plan.deadLetter, partition), record, { why, place });
    this.counters.recordsDeadLettered++;
  }
}
