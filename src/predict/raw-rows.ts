import { float32Bytes } from '../domain/float32.js';
import type { SourceRecord } from '../kafka/source-record.js';
import { type BadRecord, badRecord } from './bad-record.js';
import { withoutValue } from './record-parser.js';
import type { Feed, RowCollector } from './row-collector.js';
import type { RawBinding } from './signature.js';

/** Up to here copying byte by byte is faster than making a view for `set`. */
const SHORT_BYTES = 64;
/** All bits of a float32's exponent are set in infinities and NaNs, and in nothing else. */
const EXPONENT = 0x7f800000;

/**
 * Copies raw records into a float32 tensor. Wherever a value lies in its batch, its bytes become numbers only here, where
 * they are aligned. As onnxruntime it needs a little-endian machine.
 */
export class RawCollector implements RowCollector {
  rows = 0;
  readonly #binding: RawBinding;
  readonly #missingAsNan: boolean;
  #cells = new Float32Array(0);
  /** The same memory. */
  #bits = new Int32Array(0);
  #bytes = new Uint8Array(0);

  constructor(binding: RawBinding, missingAsNan: boolean) {
    this.#binding = binding;
    this.#missingAsNan = missingAsNan;
  }

  begin(rows: number): void {
    this.rows = 0;
    const count = rows * this.#binding.columns;
    if (this.#cells.length >= count) return;
    this.#cells = new Float32Array(count);
    this.#bits = new Int32Array(this.#cells.buffer);
    this.#bytes = new Uint8Array(this.#cells.buffer);
  }

  add(record: SourceRecord): BadRecord | undefined {
    const { columns } = this.#binding;
    if (record.valueLength !== columns * float32Bytes) {
      return withoutValue(record) ?? wrongLength(record.valueLength, columns);
    }
    const start = this.rows * columns;
    this.#copy(record, start * float32Bytes);
    if (!this.#isFinite(start)) {
      const bad = this.#notFinite(start);
      if (bad) return bad;
    }
    this.rows++;
    return undefined;
  }

  feeds(from: number, to: number): readonly Feed[] {
    const { input, columns } = this.#binding;
    const data = this.#cells.subarray(from * columns, to * columns);
    return [
      { name: input.name, type: input.type, data, dims: [to - from, ...input.shape.slice(1)] },
    ];
  }

  #copy({ bytes, valueStart, valueLength }: SourceRecord, at: number): void {
    const to = this.#bytes;
    if (valueLength > SHORT_BYTES) to.set(bytes.subarray(valueStart, valueStart + valueLength), at);
    else for (let i = 0; i < valueLength; i++) to[at + i] = bytes[valueStart + i] as number;
  }

  #isFinite(start: number): boolean {
    const bits = this.#bits;
    const end = start + this.#binding.columns;
    let carry = 0;
    // Only to a full exponent adding its lowest bit carries into the sign.
    for (let i = start; i < end; i++) carry |= ((bits[i] as number) & 0x7fffffff) + 0x00800000;
    return carry >= 0;
  }

  #notFinite(start: number): BadRecord | undefined {
    for (let column = 0; column < this.#binding.columns; column++) {
      const bits = this.#bits[start + column] as number;
      if ((bits & EXPONENT) !== EXPONENT) continue;
      const value = this.#cells[start + column] as number;
      if (Number.isNaN(value) && this.#missingAsNan) continue;
      return badRecord('NOT_FINITE', `Number ${column} is ${value}, which the model cannot take.`);
    }
    return undefined;
  }
}

function wrongLength(length: number, columns: number): BadRecord {
  const message = `The value has ${length} bytes, not ${columns * float32Bytes} for ${columns} float32 numbers.`;
  return badRecord('WRONG_LENGTH', message);
}
