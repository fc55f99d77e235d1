import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import { type CellColumn, cellColumn, type TensorData } from './cells.js';
import { RawCollector } from './raw-rows.js';
import { badFrom, jsonRecords, type RecordParser, withoutValue } from './record-parser.js';
import { NumberScanner } from './scan-numbers.js';
import type { FeatureBinding, NamedBinding, Signature } from './signature.js';

/** Collects records as rows of the model's inputs. */
export interface RowCollector {
  /** Makes room for so many rows, and begins with none. */
  begin(rows: number): void;
  /** Takes a record as the next row, or answers why it cannot be one. */
  add(record: SourceRecord): BadRecord | undefined;
  /** Rows taken since `begin`. */
  readonly rows: number;
  /** The inputs of rows `from` to `to`; they share the collector's memory. */
  feeds(from: number, to: number): readonly Feed[];
}

export interface Feed {
  readonly name: string;
  readonly type: string;
  readonly data: TensorData;
  readonly dims: readonly number[];
}

/** Makes the collector for a signature. Records are JSON unless there is a parser for another format. */
export function rowCollector(
  signature: Signature,
  missingAsNan: boolean,
  parser: RecordParser = jsonRecords,
): RowCollector {
  const { inputs } = signature;
  if (inputs.kind === 'raw') return new RawCollector(inputs, missingAsNan);
  if (inputs.kind === 'named') return new NamedCollector(inputs, missingAsNan, parser);
  const scannable = inputs.input.type === 'float32' && inputs.columns > 0;
  if (scannable && parser === jsonRecords) return new ScannedCollector(inputs, missingAsNan);
  return new FeatureCollector(inputs, missingAsNan, parser);
}

type JsonObject = Readonly<Record<string, unknown>>;

function own(object: JsonObject, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** Inner dimensions of a tensor of so many columns. */
function innerDims({ input }: FeatureBinding, columns: number): number[] {
  return input.shape.slice(1).map((size) => (size < 0 ? columns : size));
}

/** Fills a float32 tensor straight from the bytes of the records. */
class ScannedCollector implements RowCollector {
  rows = 0;
  readonly #binding: FeatureBinding;
  readonly #scanner: NumberScanner;
  #cells = new Float32Array(0);

  constructor(binding: FeatureBinding, missingAsNaN: boolean) {
    this.#binding = binding;
    const { fields, columns } = binding;
    this.#scanner = new NumberScanner(
      fields.length > 0
        ? { kind: 'FIELDS', names: fields, missingAsNaN }
        : { kind: 'FEATURES', width: columns, missingAsNaN },
    );
  }

  begin(rows: number): void {
    this.rows = 0;
    const count = rows * this.#scanner.width;
    if (this.#cells.length < count) this.#cells = new Float32Array(count);
  }

  add(record: SourceRecord): BadRecord | undefined {
    const scanner = this.#scanner;
    const failure = scanner.scan(record, this.#cells, this.rows * scanner.width);
    if (failure) return withoutValue(record) ?? badFrom(failure);
    this.rows++;
    return undefined;
  }

  feeds(from: number, to: number): readonly Feed[] {
    const { name, type } = this.#binding.input;
    const { width } = this.#scanner;
    const data = this.#cells.subarray(from * width, to * width);
    return [{ name, type, data, dims: [to - from, ...innerDims(this.#binding, width)] }];
  }
}

/** Fills one tensor with a row of numbers for each record. */
class FeatureCollector implements RowCollector {
  rows = 0;
  readonly #binding: FeatureBinding;
  readonly #cells: CellColumn;
  readonly #parser: RecordParser;
  #columns: number;
  #capacity = 0;

  constructor(binding: FeatureBinding, missingAsNan: boolean, parser: RecordParser) {
    this.#binding = binding;
    this.#parser = parser;
    this.#columns = binding.columns;
    this.#cells = cellColumn(binding.input.type, missingAsNan);
  }

  begin(rows: number): void {
    this.rows = 0;
    this.#capacity = rows;
    this.#columns = this.#binding.columns;
    if (this.#columns >= 0) this.#cells.reserve(rows * this.#columns);
  }

  add(record: SourceRecord): BadRecord | undefined {
    const result = this.#parser.parse(record);
    if ('bad' in result) return result.bad;
    const { fields } = this.#binding;
    const bad =
      fields.length > 0 ? this.#fromFields(result.fields, fields) : this.#fromArray(result.fields);
    if (!bad) this.rows++;
    return bad;
  }

  feeds(from: number, to: number): readonly Feed[] {
    const { input } = this.#binding;
    const all = this.#cells.data(to * this.#columns);
    const data = Array.isArray(all)
      ? all.slice(from * this.#columns)
      : all.subarray(from * this.#columns);
    const dims = [to - from, ...innerDims(this.#binding, this.#columns)];
    return [{ name: input.name, type: input.type, data, dims }];
  }

  #fromFields(object: JsonObject, fields: readonly string[]): BadRecord | undefined {
    let at = this.rows * this.#columns;
    for (const field of fields) {
      const bad = this.#cells.set(at++, own(object, field), field);
      if (bad) return bad;
    }
    return undefined;
  }

  #fromArray(object: JsonObject): BadRecord | undefined {
    const features = own(object, 'features');
    if (features === undefined) return badRecord('FIELD_MISSING', 'features is missing.');
    if (!Array.isArray(features)) {
      return badRecord('WRONG_TYPE', 'features is not an array.');
    }
    if (this.#columns < 0) this.#open(features.length);
    if (features.length !== this.#columns) {
      const message = `features has ${features.length} values, not ${this.#columns}.`;
      return badRecord('WRONG_LENGTH', message);
    }
    let at = this.rows * this.#columns;
    for (let i = 0; i < features.length; i++) {
      const value: unknown = features[i];
      const bad = this.#cells.set(at++, value, `features[${i}]`);
      if (bad) return bad;
    }
    return undefined;
  }

  /** Where the model leaves the length open, the first record of a batch decides. */
  #open(columns: number): void {
    this.#columns = columns;
    this.#cells.reserve(this.#capacity * columns);
  }
}

/** Fills one tensor for each named input. */
class NamedCollector implements RowCollector {
  rows = 0;
  readonly #inputs: readonly {
    readonly binding: NamedBinding['inputs'][number];
    readonly cells: CellColumn;
  }[];
  readonly #parser: RecordParser;

  constructor(binding: NamedBinding, missingAsNan: boolean, parser: RecordParser) {
    this.#parser = parser;
    this.#inputs = binding.inputs.map((input) => ({
      binding: input,
      cells: cellColumn(input.input.type, missingAsNan),
    }));
  }

  begin(rows: number): void {
    this.rows = 0;
    for (const { cells } of this.#inputs) cells.reserve(rows);
  }

  add(record: SourceRecord): BadRecord | undefined {
    const result = this.#parser.parse(record);
    if ('bad' in result) return result.bad;
    for (const { binding, cells } of this.#inputs) {
      const bad = cells.set(this.rows, own(result.fields, binding.field), binding.field);
      if (bad) return bad;
    }
    this.rows++;
    return undefined;
  }

  feeds(from: number, to: number): readonly Feed[] {
    return this.#inputs.map(({ binding: { input }, cells }) => {
      const all = cells.data(to);
      const data = Array.isArray(all) ? all.slice(from) : all.subarray(from);
      const dims = input.shape.length === 2 ? [to - from, 1] : [to - from];
      return { name: input.name, type: input.type, data, dims };
    });
  }
}
