import type { OffsetRange } from '../domain/suspects.js';

/** Cells of a mark. `busy`: 0 nothing, 1 the active model, 2 the shadow. `turn` counts the slices. */
const cell = { busy: 0, partition: 1, from: 2, to: 3, turn: 4 } as const;

/**
 * What a predictor thread is scoring at this moment, in memory that the runner's main thread sees while the model blocks the other
 * one.
 */
export class ScoringMark {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Float64Array;

  constructor(memory = new SharedArrayBuffer(8 * Object.keys(cell).length)) {
    this.memory = memory;
    this.#cells = new Float64Array(memory);
  }

  begin({ partition, from, to }: OffsetRange): void {
    const cells = this.#cells;
    cells[cell.partition] = partition;
    cells[cell.from] = from;
    cells[cell.to] = to;
    cells[cell.turn] = (cells[cell.turn] ?? 0) + 1;
    cells[cell.busy] = 1;
  }

  /** The active model is done; the shadow follows. */
  shadow(): void {
    if (this.#cells[cell.busy] === 1) this.#cells[cell.busy] = 2;
  }

  end(): void {
    this.#cells[cell.busy] = 0;
  }

  get isShadow(): boolean {
    return this.#cells[cell.busy] === 2;
  }

  /** Counts the slices. */
  get turn(): number {
    return this.#cells[cell.turn] ?? 0;
  }

  /** Undefined while nothing is scored. */
  get range(): OffsetRange | undefined {
    const [busy = 0, partition = 0, from = 0, to = 0] = this.#cells;
    return busy === 0 ? undefined : { partition, from, to };
  }
}
