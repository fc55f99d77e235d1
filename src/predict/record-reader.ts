import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import { type CellColumn, cellColumn } from './cells.js';
import { RawCollector } from './raw-rows.js';
import { badFrom, jsonRecords, type RecordParser, withoutValue } from './record-parser.js';
import type { Feed, RowCollector } from './row-collector.js';
import { NumberScanner } from './scan-numbers.js';
import {
  type FeatureBinding,
  innerDims,
  type NamedBinding,
  openStep,
  type Signature,
} from './signature.js';

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
  if (inputs.columns < 0) return new OpenCollector(inputs, missingAsNan, parser);
  return new FeatureCollector(inputs, missingAsNan, parser);
}

type JsonObject = Readonly<Record<string, unknown>>;

function own(object: JsonObject, field: string): unknown {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** A record's numbers where no fields are named. */
function featuresOf(object: JsonObject): readonly unknown[] | BadRecord {
  const features = own(object, 'features');
  if (features === undefined) return badRecord('FIELD_MISSING', 'features is missing.');
  return Array.isArray(features) ? features : badRecord('WRONG_TYPE', 'features is not an array.');
}

function isList(value: readonly unknown[] | BadRecord): value is readonly unknown[] {
  return Array.isArray(value);
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
    const { input } = this.#binding;
    const { name, type } = input;
    const { width } = this.#scanner;
    const data = this.#cells.subarray(from * width, to * width);
    return [{ name, type, data, dims: [to - from, ...innerDims(input, width)] }];
  }
}

/** Fills one tensor with a row of numbers for each record. */
class FeatureCollector implements RowCollector {
  rows = 0;
  readonly #binding: FeatureBinding;
  readonly #cells: CellColumn;
  readonly #parser: RecordParser;

  constructor(binding: FeatureBinding, missingAsNan: boolean, parser: RecordParser) {
    this.#binding = binding;
    this.#parser = parser;
    this.#cells = cellColumn(binding.input.type, missingAsNan);
  }

  begin(rows: number): void {
    this.rows = 0;
    this.#cells.reserve(rows * this.#binding.columns);
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
    const { input, columns } = this.#binding;
    const all = this.#cells.data(to * columns);
    const data = Array.isArray(all) ? all.slice(from * columns) : all.subarray(from * columns);
    return [
      { name: input.name, type: input.type, data, dims: [to - from, ...innerDims(input, columns)] },
    ];
  }

  #fromFields(object: JsonObject, fields: readonly string[]): BadRecord | undefined {
    let at = this.rows * this.#binding.columns;
    for (const field of fields) {
      const bad = this.#cells.set(at++, own(object, field), field);
      if (bad) return bad;
    }
    return undefined;
  }

  #fromArray(object: JsonObject): BadRecord | undefined {
    const { columns } = this.#binding;
    const features = featuresOf(object);
    if (!isList(features)) return features;
    if (features.length !== columns) {
      const message = `features has ${features.length} values, not ${columns}.`;
      return badRecord('WRONG_LENGTH', message);
    }
    return setFeatures(this.#cells, features, this.rows * columns);
  }
}

/** Keeps the arrays of records for a model that takes any length, and makes tensors of those that are equally long. */
class OpenCollector implements RowCollector {
  readonly #binding: FeatureBinding;
  readonly #cells: CellColumn;
  readonly #parser: RecordParser;
  readonly #step: number;
  #lists: (readonly unknown[])[] = [];

  constructor(binding: FeatureBinding, missingAsNan: boolean, parser: RecordParser) {
    this.#binding = binding;
    this.#parser = parser;
    this.#step = openStep(binding.input);
    this.#cells = cellColumn(binding.input.type, missingAsNan);
  }

  get rows(): number {
    return this.#lists.length;
  }

  begin(): void {
    this.#lists = [];
  }

  add(record: SourceRecord): BadRecord | undefined {
    const result = this.#parser.parse(record);
    if ('bad' in result) return result.bad;
    const features = featuresOf(result.fields);
    if (!isList(features)) return features;
    if (features.length % this.#step !== 0) {
      const message = `features has ${features.length} values, no multiple of ${this.#step}.`;
      return badRecord('WRONG_LENGTH', message);
    }
    this.#cells.reserve(features.length);
    const bad = setFeatures(this.#cells, features, 0);
    if (!bad) this.#lists.push(features);
    return bad;
  }

  endOfShape(from: number): number {
    const columns = this.#lists[from]?.length;
    let end = from + 1;
    while (this.#lists[end]?.length === columns) end++;
    return end;
  }

  feeds(from: number, to: number): readonly Feed[] {
    const { input } = this.#binding;
    const columns = this.#lists[from]?.length ?? 0;
    const count = (to - from) * columns;
    this.#cells.reserve(count);
    for (let row = from; row < to; row++) {
      setFeatures(this.#cells, this.#lists[row] ?? [], (row - from) * columns);
    }
    const dims = [to - from, ...innerDims(input, columns)];
    return [{ name: input.name, type: input.type, data: this.#cells.data(count), dims }];
  }
}

function setFeatures(
  cells: CellColumn,
  features: readonly unknown[],
  at: number,
): BadRecord | undefined {
  for (let i = 0; i < features.length; i++) {
    const bad = cells.set(at + i, features[i], `features[${i}]`);
    if (bad) return bad;
  }
  return undefined;
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
