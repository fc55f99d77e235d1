import avro, { type Type } from 'avsc';
import type { Tensor } from 'onnxruntime-node';
import type { TensorInfo } from '../../domain/model.js';
import type { Outputs } from '../outputs.js';
import { OutputShapeError, type RowWriter, type WrittenRow } from '../prediction-writer.js';
import type { OutputBinding } from '../signature.js';
import { frameBytes, magicByte } from './avro-records.js';

/** A prediction that its schema has no value for. */
export class AvroValueError extends Error {
  override readonly name = 'AvroValueError';
}

interface Field {
  readonly name: string;
  readonly output: string;
  readonly cell: number | undefined;
}

interface OpenField extends Field {
  readonly tensor: Tensor;
  /** Sizes of the dimensions behind the rows; empty: one value. */
  readonly dims: readonly number[];
  readonly width: number;
}

/**
 * The schema of predictions: a record with a field for each output, of the Avro type that holds all values of the
 * tensor's. What Avro does not allow in a name is `_`; a name that begins with a digit gets `_` in front.
 */
export function predictionSchema(
  bindings: readonly OutputBinding[],
  outputs: readonly TensorInfo[],
): string {
  const fields = bindings.map((binding) => {
    const output = outputs.find(({ name }) => name === binding.output);
    return { name: avroName(binding.member), type: fieldType(binding, output) };
  });
  return JSON.stringify({ type: 'record', name: 'Prediction', namespace: 'predictd', fields });
}

/** Writes predictions as Avro records in Confluent's framing. */
export class AvroWriter implements RowWriter {
  readonly #type: Type;
  readonly #fields: readonly Field[];
  readonly #frame: Buffer;
  #open: readonly OpenField[] = [];
  #bytes = Buffer.alloc(0);

  /** `schema` as `predictionSchema` makes it for the same bindings, and the id under which it is registered. */
  constructor(bindings: readonly OutputBinding[], schema: string, id: number) {
    this.#type = avro.Type.forSchema(JSON.parse(schema));
    this.#fields = bindings.map(({ member, output, cell }) => ({
      name: avroName(member),
      output,
      cell,
    }));
    this.#frame = frame(id);
  }

  get written(): WrittenRow {
    return { bytes: this.#bytes, length: this.#bytes.length };
  }

  open(outputs: Outputs, rows: number): void {
    this.#open = this.#fields.map((field) => {
      const tensor = outputs.get(field.output);
      const [first = 1, ...rest] = tensor?.dims ?? [];
      if (!tensor || first !== rows) {
        throw new OutputShapeError(`Output ${field.output} does not have ${rows} rows`);
      }
      const inner = rest.length === 1 && rest[0] === 1 ? [] : rest;
      const width = inner.reduce((product, size) => product * size, 1);
      if (field.cell !== undefined && field.cell >= width) {
        throw new OutputShapeError(`Output ${field.output} has ${width} cells`);
      }
      return { ...field, tensor, width, dims: field.cell === undefined ? inner : [] };
    });
  }

  row(index: number): void {
    // Without a prototype, which a field may be named as.
    const value: Record<string, unknown> = Object.create(null);
    for (const { name, tensor, dims, width, cell = 0 } of this.#open) {
      value[name] = nested(tensor, dims, index * width + cell);
    }
    this.#bytes = Buffer.concat([this.#frame, this.#type.toBuffer(value)]);
  }
}

/** What stands in front of a value in Confluent's framing. */
export function frame(id: number): Buffer {
  const bytes = Buffer.alloc(frameBytes);
  bytes.writeUInt8(magicByte, 0);
  bytes.writeInt32BE(id, 1);
  return bytes;
}

/** A name that Avro allows. */
export function avroName(member: string): string {
  const name = member.replace(/[^A-Za-z0-9_]/g, '_');
  return /^\d/.test(name) || name === '' ? `_${name}` : name;
}

const avroTypes: ReadonlyMap<string, string> = new Map([
  ['float32', 'float'],
  ['float16', 'float'],
  ['float64', 'double'],
  ['int8', 'int'],
  ['uint8', 'int'],
  ['int16', 'int'],
  ['uint16', 'int'],
  ['int32', 'int'],
  ['uint32', 'long'],
  ['int64', 'long'],
  ['uint64', 'long'],
  ['bool', 'boolean'],
  ['string', 'string'],
]);

function fieldType({ cell }: OutputBinding, output: TensorInfo | undefined): unknown {
  const item = avroTypes.get(output?.type ?? '') ?? 'double';
  const [, ...inner] = output?.shape ?? [];
  const isOne = cell !== undefined || inner.length === 0 || (inner.length === 1 && inner[0] === 1);
  if (isOne) return item;
  return inner.reduce<unknown>((items) => ({ type: 'array', items }), item);
}

function nested(tensor: Tensor, dims: readonly number[], start: number): unknown {
  const [count, ...rest] = dims;
  if (count === undefined) return cellOf(tensor, start);
  const width = rest.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, index) => nested(tensor, rest, start + index * width));
}

function cellOf({ data, type }: Tensor, index: number): unknown {
  const cell: unknown = data[index];
  if (type === 'bool') return Boolean(cell);
  if (typeof cell !== 'bigint') return cell;
  const number = Number(cell);
  if (Number.isSafeInteger(number)) return number;
  throw new AvroValueError(`${cell} is beyond 53 bits`);
}
