import { type BadRecord, badRecord } from './bad-record.js';

/** A column of one type that rows are written into, and that a tensor can be made of. */
export interface CellColumn {
  /** Writes a JSON value at a place; answers why it cannot be. */
  set(index: number, value: unknown, field: string): BadRecord | undefined;
  /** Makes room for so many places; what was there may be lost. */
  reserve(count: number): void;
  /** The first `count` places, sharing their memory. */
  data(count: number): TensorData;
}

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | string[];

interface NumberType {
  readonly make: (count: number) => Exclude<TensorData, string[] | BigInt64Array | BigUint64Array>;
  readonly least: number;
  readonly most: number;
  readonly integer: boolean;
}

/** The largest double that rounds to a finite float32. */
const FLOAT32_MOST = 2 ** 128 - 2 ** 103 - 2 ** 75;

function integers(make: NumberType['make'], least: number, most: number): NumberType {
  return { make, least, most, integer: true };
}

const numberTypes: Readonly<Record<string, NumberType>> = {
  float32: {
    make: (count) => new Float32Array(count),
    least: -FLOAT32_MOST,
    most: FLOAT32_MOST,
    integer: false,
  },
  float64: {
    make: (count) => new Float64Array(count),
    least: -Number.MAX_VALUE,
    most: Number.MAX_VALUE,
    integer: false,
  },
  int8: integers((count) => new Int8Array(count), -(2 ** 7), 2 ** 7 - 1),
  uint8: integers((count) => new Uint8Array(count), 0, 2 ** 8 - 1),
  int16: integers((count) => new Int16Array(count), -(2 ** 15), 2 ** 15 - 1),
  uint16: integers((count) => new Uint16Array(count), 0, 2 ** 16 - 1),
  int32: integers((count) => new Int32Array(count), -(2 ** 31), 2 ** 31 - 1),
  uint32: integers((count) => new Uint32Array(count), 0, 2 ** 32 - 1),
};

/** Makes a column for an ONNX element type. `missingAsNan`: null or absent is NaN where the type has it. */
export function cellColumn(type: string, missingAsNan: boolean): CellColumn {
  const number = numberTypes[type];
  if (number) return new NumberColumn(number, missingAsNan && !number.integer);
  if (type === 'int64' || type === 'uint64') return new BigColumn(type === 'int64');
  if (type === 'bool') return new BooleanColumn();
  if (type === 'string') return new StringColumn();
  throw new TypeError(`Tensors of type ${type} cannot be made from JSON`);
}

class NumberColumn implements CellColumn {
  readonly #type: NumberType;
  readonly #missingAsNan: boolean;
  #cells: ReturnType<NumberType['make']>;

  constructor(type: NumberType, missingAsNan: boolean) {
    this.#type = type;
    this.#missingAsNan = missingAsNan;
    this.#cells = type.make(0);
  }

  set(index: number, value: unknown, field: string): BadRecord | undefined {
    if (value === null || value === undefined || Number.isNaN(value)) {
      if (!this.#missingAsNan) return missing(field, value);
      this.#cells[index] = Number.NaN;
      return undefined;
    }
    if (typeof value !== 'number') return wrongType(field, 'a number', value);
    const { least, most, integer } = this.#type;
    if (value < least || value > most) return outOfRange(field, value);
    if (integer && !Number.isInteger(value)) return wrongType(field, 'a whole number', value);
    this.#cells[index] = value;
    return undefined;
  }

  reserve(count: number): void {
    if (this.#cells.length < count) this.#cells = this.#type.make(count);
  }

  data(count: number): TensorData {
    return this.#cells.subarray(0, count);
  }
}

class BigColumn implements CellColumn {
  #cells: BigInt64Array | BigUint64Array;
  readonly #signed: boolean;

  constructor(signed: boolean) {
    this.#signed = signed;
    this.#cells = signed ? new BigInt64Array(0) : new BigUint64Array(0);
  }

  /** Numbers beyond 2^53 are not exact in JSON, so that text is taken as well. */
  set(index: number, value: unknown, field: string): BadRecord | undefined {
    if (value === null || value === undefined) return missing(field);
    const text = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
    if (!text && !Number.isSafeInteger(value)) {
      return Number.isInteger(value) ? inexact(field) : wrongType(field, 'a whole number', value);
    }
    const wide = BigInt(value as string | number);
    const cell = this.#signed ? BigInt.asIntN(64, wide) : BigInt.asUintN(64, wide);
    if (cell !== wide) return outOfRange(field, value);
    this.#cells[index] = cell;
    return undefined;
  }

  reserve(count: number): void {
    if (this.#cells.length >= count) return;
    this.#cells = this.#signed ? new BigInt64Array(count) : new BigUint64Array(count);
  }

  data(count: number): TensorData {
    return this.#cells.subarray(0, count);
  }
}

class BooleanColumn implements CellColumn {
  #cells = new Uint8Array(0);

  set(index: number, value: unknown, field: string): BadRecord | undefined {
    if (value === null || value === undefined) return missing(field);
    if (typeof value !== 'boolean') return wrongType(field, 'true or false', value);
    this.#cells[index] = value ? 1 : 0;
    return undefined;
  }

  reserve(count: number): void {
    if (this.#cells.length < count) this.#cells = new Uint8Array(count);
  }

  data(count: number): TensorData {
    return this.#cells.subarray(0, count);
  }
}

class StringColumn implements CellColumn {
  readonly #cells: string[] = [];

  set(index: number, value: unknown, field: string): BadRecord | undefined {
    if (value === null || value === undefined) return missing(field);
    if (typeof value !== 'string') return wrongType(field, 'a text', value);
    this.#cells[index] = value;
    return undefined;
  }

  reserve(): void {
    // An array grows by itself.
  }

  data(count: number): TensorData {
    return this.#cells.slice(0, count);
  }
}

/** NaN is how formats of binary numbers say that there is none. */
function missing(field: string, value?: unknown): BadRecord {
  return Number.isNaN(value)
    ? badRecord('NOT_FINITE', `${field} is NaN, which this input is not given.`)
    : badRecord('FIELD_MISSING', `${field} is missing or null.`);
}

function wrongType(field: string, wanted: string, value: unknown): BadRecord {
  return badRecord('WRONG_TYPE', `${field} is ${described(value)}, not ${wanted}.`);
}

function outOfRange(field: string, value: unknown): BadRecord {
  return badRecord('OUT_OF_RANGE', `${field} is ${described(value)}, which the model cannot take.`);
}

function inexact(field: string): BadRecord {
  const message = `${field} is beyond 2^53, where numbers are not exact: send it as text.`;
  return badRecord('OUT_OF_RANGE', message);
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'number') return String(value);
  return (JSON.stringify(value) ?? String(value)).slice(0, 64);
}
