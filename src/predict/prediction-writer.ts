import type { Tensor } from 'onnxruntime-node';
import { JsonWriter } from './json-writer.js';
import type { Outputs } from './outputs.js';
import type { OutputBinding } from './signature.js';

/** A model's answer that has another number of rows than the question. */
export class OutputShapeError extends Error {
  override readonly name = 'OutputShapeError';
}

/** A written prediction; valid until the next one is written. */
export interface WrittenRow {
  readonly bytes: Buffer;
  /** Bytes of it that count. */
  readonly length: number;
}

/** Writes predictions in one format. */
export interface RowWriter {
  /** Takes the outputs of one run. Throws OutputShapeError if they are not of so many rows. */
  open(outputs: Outputs, rows: number): void;
  /** Writes one row. Throws if the format has no value for it. */
  row(index: number): void;
  /** The row that was written last. */
  readonly written: WrittenRow;
}

/** Writes an element of one output at an index. */
type WriteCell = (json: JsonWriter, index: number) => void;

interface Member {
  /** `{"label":` or `,"label":`. */
  readonly prefix: Buffer;
  readonly output: string;
  /** The only cell of a row that is written. */
  readonly cell: number | undefined;
}

/** Tensors of one run, ready to be written row by row. */
interface OpenMember {
  readonly prefix: Buffer;
  readonly write: WriteCell;
  /** Sizes of the dimensions behind the rows; empty: a scalar. */
  readonly dims: readonly number[];
  /** Cells in a row. */
  readonly width: number;
  /** Where in a row writing begins. */
  readonly start: number;
}

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const EMPTY_OBJECT = Buffer.from('{}');

/**
 * Writes predictions as JSON objects, one member for each bound output: `[N]` and `[N,1]` as a value, `[N,k]` as an array, more
 * dimensions as nested arrays. Float32 in its shortest decimal, NaN and infinities as null.
 */
export class PredictionWriter implements RowWriter {
  readonly json = new JsonWriter();
  readonly #members: readonly Member[];
  #open: OpenMember[] = [];

  constructor(outputs: readonly OutputBinding[]) {
    this.#members = outputs.map(({ member, output, cell }, index) => ({
      prefix: Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(member)}:`),
      output,
      cell,
    }));
  }

  get written(): WrittenRow {
    return this.json;
  }

  open(outputs: Outputs, rows: number): void {
    this.#open = this.#members.map(({ prefix, output, cell }) => {
      const tensor = outputs.get(output);
      if (!tensor) throw new OutputShapeError(`The model gave no output ${output}`);
      const { dims } = tensor;
      const [first = 1, ...rest] = dims;
      if (first !== rows) {
        const shape = `[${dims.join(',')}]`;
        throw new OutputShapeError(`Output ${output} is ${shape} for ${rows} records`);
      }
      const inner = rest.length === 1 && rest[0] === 1 ? [] : rest;
      const width = inner.reduce((product, size) => product * size, 1);
      const open = { prefix, write: cellWriter(tensor), width, start: cell ?? 0 };
      if (cell === undefined) return { ...open, dims: inner };
      if (cell < width) return { ...open, dims: [] };
      throw new OutputShapeError(`Output ${output} has ${width} cells, none numbered ${cell}`);
    });
  }

  /** Writes one row into `json`, from its beginning. */
  row(index: number): void {
    const { json } = this;
    json.reset();
    if (this.#open.length === 0) {
      json.raw(EMPTY_OBJECT);
      return;
    }
    for (const { prefix, write, dims, width, start: within } of this.#open) {
      const start = index * width + within;
      json.raw(prefix);
      if (dims.length === 0) write(json, start);
      else if (dims.length === 1) writeArray(json, write, { start, count: width });
      else writeNested(json, write, { start, dims });
    }
    json.byte(CLOSE_BRACE);
  }
}

function writeArray(
  json: JsonWriter,
  write: WriteCell,
  { start, count }: { readonly start: number; readonly count: number },
): void {
  json.byte(OPEN_BRACKET);
  for (let i = 0; i < count; i++) {
    if (i > 0) json.byte(COMMA);
    write(json, start + i);
  }
  json.byte(CLOSE_BRACKET);
}

function writeNested(
  json: JsonWriter,
  write: WriteCell,
  { start, dims }: { readonly start: number; readonly dims: readonly number[] },
): void {
  const [count = 0, ...rest] = dims;
  if (rest.length === 0) {
    writeArray(json, write, { start, count });
    return;
  }
  const width = rest.reduce((product, size) => product * size, 1);
  json.byte(OPEN_BRACKET);
  for (let i = 0; i < count; i++) {
    if (i > 0) json.byte(COMMA);
    writeNested(json, write, { start: start + i * width, dims: rest });
  }
  json.byte(CLOSE_BRACKET);
}

function cellWriter(tensor: Tensor): WriteCell {
  const { type } = tensor;
  const data: unknown = tensor.data;
  if (type === 'float32') {
    const cells = data as Float32Array;
    return (json, index) => json.float(cells[index] as number);
  }
  if (type === 'int64') {
    const cells = data as BigInt64Array;
    const halves = new Int32Array(cells.buffer, cells.byteOffset, 2 * cells.length);
    return (json, index) =>
      json.int64(halves[2 * index] as number, halves[2 * index + 1] as number);
  }
  if (type === 'uint64') {
    const cells = data as BigUint64Array;
    return (json, index) => json.bigint(cells[index] ?? 0n);
  }
  if (type === 'string') {
    const cells = data as readonly string[];
    return (json, index) => json.text(cells[index] ?? '');
  }
  if (type === 'bool') {
    const cells = data as Uint8Array;
    return (json, index) => json.boolean(Boolean(cells[index]));
  }
  const cells = data as Float64Array;
  return (json, index) => json.double(cells[index] as number);
}
