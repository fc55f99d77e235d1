import type { ISocketFactory } from 'kafkajs';
import type { SymetryPredictor } from '../../domain/task.js';
import type { SourceRecord } from '../../kafka/source-record.js';
import { AvroMaps } from '../avro/avro-maps.js';
import { schemaRegistry } from '../avro/schema-registry.js';
import { type BadRecord, badRecord } from '../bad-record.js';
import { type FormatSpec, openParser } from '../formats.js';
import { type Attempt, scoreRows } from '../halving.js';
import type { ScoreSink } from '../hand-out.js';
import { jsonRecords, type RecordParser } from '../record-parser.js';
import type { RemoteCalls } from '../remote/call-guard.js';
import type { RemoteContext } from '../remote/context.js';
import { RowsRejectedError } from '../remote/errors.js';
import type { RecordScorer } from '../scorer.js';
import { frameOf, rowFault } from './data-frame.js';
import { predictCall, type RowMaps } from './predict-call.js';

interface Row {
  readonly record: SourceRecord;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Scores by a SymetryML server: one call for as many records as it is given. */
export class RemoteScorer implements RecordScorer {
  readonly rowMs = 0;
  /** More than the service at the other end takes at once, if it is of our kind, would be refused. */
  readonly rowsAtOnce = 1_000;
  readonly spent = { decodeMs: 0, scoreMs: 0 };
  readonly #predictor: SymetryPredictor;
  readonly #socketFactory: ISocketFactory;
  readonly #parser: RecordParser;
  readonly #avro: AvroMaps | undefined;
  readonly #calls: RemoteCalls;

  constructor(
    { predictor, source, sink }: FormatSpec & { readonly predictor: SymetryPredictor },
    { socketFactory, calls }: RemoteContext,
  ) {
    this.#calls = calls;
    this.#predictor = predictor;
    this.#socketFactory = socketFactory;
    const registry = () => schemaRegistry(source, socketFactory);
    this.#parser = openParser({ source }, socketFactory) ?? jsonRecords;
    const subject = `${sink.topic}-value`;
    this.#avro = sink.format === 'AVRO' ? new AvroMaps(registry(), subject) : undefined;
  }

  async score(
    records: readonly SourceRecord[],
    sink: ScoreSink,
    signal?: AbortSignal,
  ): Promise<void> {
    const startedAt = performance.now();
    await this.#parser.prepare(records);
    const rows: Row[] = [];
    for (const record of records) {
      const parsed = this.#parser.parse(record);
      const bad = 'bad' in parsed ? parsed.bad : rowFault(parsed.fields, this.#predictor.features);
      if (bad) sink.bad(record, bad);
      else if ('fields' in parsed) rows.push({ record, fields: parsed.fields });
    }
    const decodedAt = performance.now();
    this.spent.decodeMs += decodedAt - startedAt;
    const attempt: Attempt = {
      score: ({ from, to }) => this.#scoreRows(rows.slice(from, to), sink, signal),
      bad: (row, why) => sink.bad((rows[row] as Row).record, why),
    };
    await scoreRows({ rows: rows.length }, rows.length, attempt);
    this.spent.scoreMs += performance.now() - decodedAt;
  }

  async release(): Promise<void> {}

  async #scoreRows(
    rows: readonly Row[],
    sink: ScoreSink,
    signal: AbortSignal | undefined,
  ): Promise<BadRecord | undefined> {
    let maps: RowMaps;
    try {
      maps = await this.#calls.run(() => this.#call(rows), signal);
    } catch (error) {
      if (!(error instanceof RowsRejectedError)) throw error;
      return badRecord('MODEL_ERROR', `${error.message}.`);
    }
    await this.#avro?.prepare(maps);
    for (const [index, { record }] of rows.entries()) {
      const map = maps[index] ?? {};
      sink.predicted(record, this.#avro?.write(map) ?? jsonRow(map));
    }
    return undefined;
  }

  #call(rows: readonly Row[]): Promise<RowMaps> {
    const frame = frameOf(
      rows.map(({ fields }) => fields),
      this.#predictor.features,
    );
    const context = { socketFactory: this.#socketFactory, now: Date.now() };
    return predictCall(this.#predictor, frame, context);
  }
}

function jsonRow(map: Readonly<Record<string, string>>) {
  const bytes = Buffer.from(JSON.stringify(map));
  return { bytes, length: bytes.length };
}
