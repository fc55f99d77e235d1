import type { TensorInfo } from '../../domain/model.js';
import type { SourceRecord } from '../../kafka/source-record.js';
import { type BadRecord, type BadRecordReason, badRecord } from '../bad-record.js';
import { openParser } from '../formats.js';
import { type Attempt, type RowRange, scoreRows } from '../halving.js';
import { handOut, type ScoreSink } from '../hand-out.js';
import type { Outputs } from '../outputs.js';
import { OutputShapeError, type RowWriter } from '../prediction-writer.js';
import { jsonRecords, type RecordParser } from '../record-parser.js';
import { rowCollector } from '../record-reader.js';
import type { RemoteContext } from '../remote/context.js';
import {
  PredictorRefusedError,
  PredictorUnreachableError,
  RowsRejectedError,
} from '../remote/errors.js';
import type { RowCollector } from '../row-collector.js';
import type { RecordScorer } from '../scorer.js';
import { outputNames, type Signature } from '../signature.js';
import { outputsOf } from './infer-answer.js';
import { InferRequest, type RequestInput } from './infer-request.js';
import { bindRecords, guessedOutputs, inputsOf, type OipSpec, writerFor } from './oip-model.js';
import { OipServer, type OipTensor, ServerFaultError, TooManyRowsError } from './oip-server.js';

/** Servers take at least so much without being told to. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
/** A server that fails on the same rows so often either cannot take them or cannot take any. */
const FAULTS_MAX = 3;

/** Scores by a server of the Open Inference Protocol: one call for as many records as it is given. */
export class OipScorer implements RecordScorer {
  readonly rowMs = 0;
  readonly rowsAtOnce = 1_000;
  readonly spent = { decodeMs: 0, scoreMs: 0 };
  readonly #spec: OipSpec;
  readonly #context: RemoteContext;
  readonly #server: OipServer;
  readonly #request = new InferRequest();
  /** Of its own, because a request that failed is sent again after a probe. */
  readonly #probe = new InferRequest();
  readonly #parser: RecordParser;
  readonly #inputs: readonly OipTensor[];
  readonly #signature: Signature;
  /** Servers choose which outputs they give unless they are asked for some. */
  readonly #wanted: readonly string[];
  readonly #collector: RowCollector;
  #writer: RowWriter | undefined;
  /** A request of one row that the server has answered: whether it still does tells its faults from the rows'. */
  #proven: Buffer | undefined;

  private constructor(
    spec: OipSpec,
    context: RemoteContext,
    known: {
      readonly server: OipServer;
      readonly inputs: readonly OipTensor[];
      readonly outputs: readonly TensorInfo[];
    },
  ) {
    this.#spec = spec;
    this.#context = context;
    this.#server = known.server;
    this.#inputs = known.inputs;
    const outputs = known.outputs.length > 0 ? known.outputs : guessedOutputs(spec);
    this.#signature = bindRecords({ inputs: known.inputs, outputs }, spec);
    this.#wanted =
      Object.keys(spec.sink.fields).length === 0 ? [] : outputNames(this.#signature.outputs);
    this.#parser = openParser(spec, context.socketFactory) ?? jsonRecords;
    this.#collector = rowCollector(this.#signature, false, this.#parser);
  }

  /** Reads what the model takes and gives, for as long as that takes. PredictorRefusedError if it does not fit. */
  static async open(
    spec: OipSpec,
    context: RemoteContext,
    signal?: AbortSignal,
  ): Promise<OipScorer> {
    const server = new OipServer(spec.predictor, context.socketFactory);
    const metadata = await context.calls.run(() => server.metadata(), signal);
    await context.calls.run(() => server.assertReady(), signal);
    const { outputs } = metadata;
    const scorer = new OipScorer(spec, context, {
      server,
      inputs: inputsOf(metadata, spec),
      outputs,
    });
    if (outputs.length > 0) await scorer.#openWriter(outputs);
    return scorer;
  }

  async score(
    records: readonly SourceRecord[],
    sink: ScoreSink,
    signal?: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    await this.#parser.prepare(records);
    this.#collector.begin(records.length);
    const good: SourceRecord[] = [];
    for (const record of records) {
      const bad = this.#collector.add(record);
      if (bad) sink.bad(record, bad);
      else good.push(record);
    }
    const decodedAt = performance.now();
    this.spent.decodeMs += decodedAt - startedAt;
    const batch = { good, sink, signal, isSuspect: false };
    const attempt: Attempt = {
      score: (range) => this.#scoreRows(batch, range),
      bad: (row, why) => sink.bad(good[row] as SourceRecord, why),
    };
    await scoreRows(this.#collector, this.#signature.fixedRows ?? good.length, attempt);
    this.spent.scoreMs += performance.now() - decodedAt;
  }

  async release(): Promise<void> {
    this.#server.close();
  }

  async #scoreRows(batch: Batch, range: RowRange): Promise<BadRecord | undefined> {
    const result = await this.#infer(batch, range);
    if ('failure' in result) return result.failure;
    await this.#hand(batch, range, result.outputs);
    return undefined;
  }

  async #infer(batch: Batch, range: RowRange): Promise<Outcome> {
    const body = this.#request.write(this.#inputRows(range), this.#wanted);
    if (body.length > BODY_BYTES_MAX) return failed('TOO_LARGE', 'The request is too large.');
    let faults = batch.isSuspect ? FAULTS_MAX : 0;
    try {
      const { calls } = this.#context;
      const outputs = await calls.run(async () => {
        try {
          return outputsOf(await this.#server.infer(body));
        } catch (error) {
          if (!(error instanceof ServerFaultError)) throw error;
          faults += 1;
          await this.#assertRowsAreTheCause(error, range, faults);
          throw new RowsRejectedError(error.message);
        }
      }, batch.signal);
      return { outputs };
    } catch (error) {
      if (error instanceof TooManyRowsError) return failed('TOO_LARGE', `${error.message}.`);
      if (!(error instanceof RowsRejectedError)) throw error;
      await this.#assertModelIsThere(batch);
      return failed('MODEL_ERROR', `${error.message}.`);
    }
  }

  /** Some servers say that a model is gone in the words in which they refuse rows. */
  async #assertModelIsThere(batch: Batch): Promise<void> {
    if (batch.isSuspect) return;
    await this.#context.calls.run(() => this.#server.assertReady(), batch.signal);
    batch.isSuspect = true;
  }

  /** Throws PredictorUnreachableError unless the server still scores other rows. */
  async #assertRowsAreTheCause(
    { message }: ServerFaultError,
    range: RowRange,
    faults: number,
  ): Promise<void> {
    if (faults >= FAULTS_MAX) {
      for (const body of this.#probes(range)) {
        if (await this.#takes(body)) return;
      }
    }
    throw new PredictorUnreachableError(message);
  }

  /** What the server took before; before it took anything, some of these rows, one at a time. */
  #probes({ from, to }: RowRange): Buffer[] {
    if (this.#proven) return [this.#proven];
    if (to - from < 2) return [];
    const rows = new Set([from, (from + to) >> 1, to - 1]);
    return [...rows].map((row) => this.#probeOf(row));
  }

  async #takes(body: Buffer): Promise<boolean> {
    try {
      await this.#server.infer(body);
      this.#proven = body;
      return true;
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      return false;
    }
  }

  async #hand({ good, sink }: Batch, range: RowRange, outputs: Outputs): Promise<void> {
    this.#proven ??= this.#probeOf(range.from);
    const writer = this.#writer ?? (await this.#openWriter(discovered(outputs)));
    try {
      writer.open(outputs, range.to - range.from);
    } catch (error) {
      if (!(error instanceof OutputShapeError)) throw error;
      throw new PredictorRefusedError(`The server's answer does not fit: ${error.message}.`);
    }
    handOut(good, range, { writer, sink });
  }

  async #openWriter(outputs: readonly TensorInfo[]): Promise<RowWriter> {
    const signature = bindRecords({ inputs: this.#inputs, outputs }, this.#spec);
    const { socketFactory } = this.#context;
    this.#writer = await writerFor({ signature, outputs }, this.#spec, socketFactory);
    return this.#writer;
  }

  #probeOf(row: number): Buffer {
    return Buffer.from(
      this.#probe.write(this.#inputRows({ from: row, to: row + 1 }), this.#wanted),
    );
  }

  #inputRows({ from, to }: RowRange): RequestInput[] {
    return this.#collector.feeds(from, to).map((feed, index) => ({
      feed,
      datatype: this.#inputs[index]?.datatype ?? '',
    }));
  }
}

type Outcome = { readonly outputs: Outputs } | { readonly failure: BadRecord };

/** Records of one call of `score`. */
interface Batch {
  readonly good: readonly SourceRecord[];
  readonly sink: ScoreSink;
  readonly signal: AbortSignal | undefined;
  /** Some of its rows were refused by a server that is well. */
  isSuspect: boolean;
}

function isAboutRows(error: unknown): boolean {
  return (
    error instanceof ServerFaultError ||
    error instanceof RowsRejectedError ||
    error instanceof TooManyRowsError
  );
}

function failed(reason: BadRecordReason, message: string): Outcome {
  return { failure: badRecord(reason, message) };
}

function discovered(outputs: Outputs): TensorInfo[] {
  return [...outputs].map(([name, { type, dims }]) => ({
    name,
    type,
    shape: [-1, ...dims.slice(1)],
  }));
}
