import type { Tensor } from 'onnxruntime-node';
import { float32Bytes } from '../domain/float32.js';
import type { Outputs } from './outputs.js';
import { OutputShapeError, type RowWriter, type WrittenRow } from './prediction-writer.js';
import type { OutputBinding } from './signature.js';

/** Copies a row of one output to a place in the prediction. */
type CopyRow = (row: number, to: number) => void;

interface OpenOutput {
  readonly copy: CopyRow;
  /** Numbers in a row of the prediction. */
  readonly width: number;
}

/**
 * Writes predictions as raw little-endian float32: the rows of the bound outputs one after another, in the order of their
 * names in the prediction. As onnxruntime it needs a little-endian machine.
 */
export class RawWriter implements RowWriter {
  readonly #outputs: readonly OutputBinding[];
  #open: readonly OpenOutput[] = [];
  #cells = new Float32Array(0);
  #written: WrittenRow = { bytes: Buffer.alloc(0), length: 0 };

  constructor(outputs: readonly OutputBinding[]) {
    this.#outputs = [...outputs].sort((a, b) => (a.member < b.member ? -1 : 1));
  }

  get written(): WrittenRow {
    return this.#written;
  }

  open(outputs: Outputs, rows: number): void {
    const bound = this.#outputs.map((binding) => {
      const tensor = outputs.get(binding.output);
      const [first = 1, ...inner] = tensor?.dims ?? [];
      const columns = inner.reduce((product, size) => product * size, 1);
      if (!tensor || first !== rows || (binding.cell ?? 0) >= columns) {
        const wanted = binding.cell === undefined ? '' : ` with a cell ${binding.cell}`;
        throw new OutputShapeError(`Output ${binding.output} does not have ${rows} rows${wanted}`);
      }
      const width = binding.cell === undefined ? columns : 1;
      return { tensor, columns, start: binding.cell ?? 0, width };
    });
    this.#makeRoom(bound.reduce((sum, { width }) => sum + width, 0));
    this.#open = bound.map((one) => ({ width: one.width, copy: rowCopier(one, this.#cells) }));
  }

  row(index: number): void {
    let to = 0;
    for (const { copy, width } of this.#open) {
      copy(index, to);
      to += width;
    }
  }

  #makeRoom(width: number): void {
    if (this.#cells.length === width) return;
    this.#cells = new Float32Array(width);
    const bytes = Buffer.from(this.#cells.buffer);
    this.#written = { bytes, length: width * float32Bytes };
  }
}

interface Bound {
  readonly tensor: Tensor;
  /** Numbers in a row of the tensor. */
  readonly columns: number;
  /** Where in a row copying begins. */
  readonly start: number;
  readonly width: number;
}

function rowCopier({ tensor, columns, start, width }: Bound, to: Float32Array): CopyRow {
  const data: unknown = tensor.data;
  // Numbers that float32 holds exactly; validation lets no others through.
  const cells = data as Float32Array;
  return (row, at) => {
    const from = row * columns + start;
    for (let i = 0; i < width; i++) {
      to[at + i] = cells[from + i] as number;
    }
  };
}
