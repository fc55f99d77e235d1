import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorInfo } from '../domain/model.js';
import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import { type CellColumn, cellColumn } from './cells.js';
import { widened } from './half-precision.js';
import { type Attempt, type RowRange, scoreRows } from './halving.js';
import { handOut, type ScoreSink } from './hand-out.js';
import type { Outputs } from './outputs.js';
import { PredictionWriter, type RowWriter } from './prediction-writer.js';
import { jsonRecords, type RecordParser } from './record-parser.js';
import { rowCollector } from './record-reader.js';
import type { Feed, RowCollector } from './row-collector.js';
import { innerDims, openStep, outputNames, type Signature } from './signature.js';

/** Sees what the model said of some records, before it is written. */
export type OutputTap = (outputs: Outputs, records: readonly SourceRecord[]) => void;

export interface ScorerOptions {
  readonly path: string;
  readonly inputs: readonly TensorInfo[];
  readonly signature: Signature;
  readonly missingAsNan: boolean;
  /** Reads the records; as JSON if left out. */
  readonly parser?: RecordParser;
  /** Writes the predictions; as JSON if left out. */
  readonly writer?: RowWriter;
}

/** Milliseconds, by what they were spent on. */
export interface Spent {
  /** Reading records into the inputs of the model. */
  readonly decodeMs: number;
  /** The model, or the call of one. */
  readonly scoreMs: number;
}

/** What predicts records. Not to be used by two batches at once. */
export interface RecordScorer {
  /** Milliseconds that one record alone takes, as far as it is known. */
  readonly rowMs: number;
  /** As many records as it takes at once, if its thread does not block meanwhile. */
  readonly rowsAtOnce?: number;
  /** Since it was made. */
  readonly spent: Spent;
  /**
   * Predicts the records and hands out the results in order. Rejects when `signal` is aborted while it waits for others.
   */
  score(records: readonly SourceRecord[], sink: ScoreSink, signal?: AbortSignal): Promise<void>;
  /** Frees what it holds. */
  release(): Promise<void>;
}

/** One ONNX session and the buffers around it. Not to be used by two batches at once. */
export class Scorer implements RecordScorer {
  /** Milliseconds that one record alone took, measured when warming up; 0 if it could not. */
  rowMs = 0;
  readonly spent = { decodeMs: 0, scoreMs: 0 };
  /** Told of every run that succeeded. */
  tap: OutputTap | undefined;
  readonly #session: InferenceSession;
  readonly #options: ScorerOptions;
  readonly #collector: RowCollector;
  readonly #writer: RowWriter;
  readonly #outputNames: readonly string[];
  readonly #parser: RecordParser;
  #outputs: Outputs = new Map();

  private constructor(session: InferenceSession, options: ScorerOptions) {
    this.#session = session;
    this.#options = options;
    const { signature, missingAsNan, parser = jsonRecords, writer } = options;
    this.#parser = parser;
    this.#collector = rowCollector(signature, missingAsNan, parser);
    this.#writer = writer ?? new PredictionWriter(signature.outputs);
    this.#outputNames = outputNames(signature.outputs);
  }

  /** Loads the model with one thread, and runs it twice on zeros, so that its first real batch is as fast as any. */
  static async load(options: ScorerOptions): Promise<Scorer> {
    const session = await loadSession(options.path);
    const scorer = new Scorer(session, options);
    try {
      await scorer.#warmUp();
    } catch (error) {
      // Only records tell what goes into an open dimension: zeros prove nothing then.
      const { inputs } = options.signature;
      if (inputs.kind !== 'features' || inputs.columns >= 0) throw error;
    }
    return scorer;
  }

  /** Predicts the records and hands out the results in order; without a sink only the tap sees them. Blocks the thread while the model runs. */
  async score(records: readonly SourceRecord[], sink: ScoreSink | undefined): Promise<void> {
    const startedAt = performance.now();
    const collector = this.#collector;
    const faults = new Map<number, BadRecord>();
    await this.#parser.prepare(records);
    collector.begin(records.length);
    for (let i = 0; i < records.length; i++) {
      const bad = collector.add(records[i] as SourceRecord);
      if (bad) faults.set(i, bad);
    }
    this.spent.decodeMs += performance.now() - startedAt;
    const good = faults.size === 0 ? records : records.filter((_, index) => !faults.has(index));
    if (faults.size > 0) {
      // The order among bad records is kept; they go to another topic than the good ones.
      for (const [index, bad] of faults) sink?.bad(records[index] as SourceRecord, bad);
    }
    const attempt: Attempt = {
      score: (range) => this.#scoreRows(good, range, sink),
      bad: (row, why) => sink?.bad(good[row] as SourceRecord, why),
    };
    await scoreRows(collector, this.#options.signature.fixedRows ?? good.length, attempt);
  }

  /** Frees the native memory. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  async #warmUp(): Promise<void> {
    const { inputs, signature } = this.#options;
    const columns = signature.inputs.kind === 'features' ? signature.inputs.columns : -1;
    const zeros = zeroFeeds(inputs, columns);
    await this.#session.run(zeros);
    const before = performance.now();
    await this.#session.run(zeros);
    this.rowMs = performance.now() - before;
  }

  async #scoreRows(
    good: readonly SourceRecord[],
    range: RowRange,
    sink: ScoreSink | undefined,
  ): Promise<BadRecord | undefined> {
    const failure = await this.#run(range);
    if (failure) return badRecord('MODEL_ERROR', failure.message);
    this.tap?.(this.#outputs, good.slice(range.from, range.to));
    if (sink) handOut(good, range, { writer: this.#writer, sink });
    return undefined;
  }

  async #run({ from, to }: RowRange): Promise<Error | undefined> {
    const startedAt = performance.now();
    try {
      const feeds = tensors(this.#collector.feeds(from, to));
      const outputs = await this.#session.run(feeds, this.#outputNames);
      this.#outputs = new Map(
        Object.entries(outputs).map(([name, tensor]) => [name, widened(tensor)]),
      );
      this.#writer.open(this.#outputs, to - from);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.spent.scoreMs += performance.now() - startedAt;
    }
  }
}

/** Loads a model by its path: the file's bytes are then never in this process's JavaScript heap. One thread of its own. */
export async function loadSession(path: string): Promise<InferenceSession> {
  return await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  });
}

/** One row of zeros, false and empty texts for every input. An open dimension is 1, or what makes a row of so many `columns`. */
export function zeroFeeds(inputs: readonly TensorInfo[], columns = -1): Record<string, Tensor> {
  return tensors(
    inputs.map((input) => {
      const { name, type, shape } = input;
      const rows = shape.slice(0, 1).map((size) => Math.max(1, size));
      const dims = [...rows, ...innerDims(input, columns < 0 ? openStep(input) : columns)];
      const count = dims.reduce((product, size) => product * size, 1);
      const cells: CellColumn = cellColumn(type, false);
      cells.reserve(count);
      const zero = type === 'string' ? '' : type === 'bool' ? false : 0;
      for (let i = 0; i < count; i++) cells.set(i, zero, name);
      return { name, type, data: cells.data(count), dims };
    }),
  );
}

function tensors(feeds: readonly Feed[]): Record<string, Tensor> {
  return Object.fromEntries(
    feeds.map(({ name, type, data, dims }) => [
      name,
      new Tensor(type as 'float32', data as Float32Array, dims),
    ]),
  );
}
