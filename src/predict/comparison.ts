import type { Tensor } from 'onnxruntime-node';
import type { OutputDifference } from '../domain/shadow-report.js';
import type { Outputs } from './outputs.js';

/** What a model said of one record: a row in the outputs of a run. */
export interface OutputRow {
  readonly outputs: Outputs;
  readonly index: number;
  /** Rows in the outputs. */
  readonly rows: number;
}

/** What two models say of the same records, side by side. */
export interface ComparisonReport {
  readonly recordsCompared: number;
  readonly recordsDiffering: number;
  readonly maxAbsoluteDifference: number;
  readonly outputs: readonly OutputDifference[];
}

/** Numbers a and b no further apart than this share of the larger of 1 and |a| are the same. */
const tolerance = 1e-4;

/** Compares record by record, and sums up. */
export class Comparison {
  #compared = 0;
  #differing = 0;
  readonly #outputs = new Map<string, { differing: number; max: number }>();

  /** Undefined is a record that this model could not score. */
  add(active: OutputRow | undefined, shadow: OutputRow | undefined): void {
    if (!active && !shadow) return;
    this.#compared++;
    if (!active || !shadow) {
      this.#differing++;
      return;
    }
    let differs = false;
    for (const name of active.outputs.keys()) {
      if (this.#output(name, active, shadow)) differs = true;
    }
    for (const name of shadow.outputs.keys()) {
      if (active.outputs.has(name)) continue;
      if (this.#output(name, active, shadow)) differs = true;
    }
    if (differs) this.#differing++;
  }

  report(): ComparisonReport {
    const outputs = [...this.#outputs].map(([output, { differing, max }]) => ({
      output,
      recordsDiffering: differing,
      maxAbsoluteDifference: max,
    }));
    return {
      recordsCompared: this.#compared,
      recordsDiffering: this.#differing,
      maxAbsoluteDifference: Math.max(0, ...outputs.map((it) => it.maxAbsoluteDifference)),
      outputs,
    };
  }

  #output(name: string, active: OutputRow, shadow: OutputRow): boolean {
    let sum = this.#outputs.get(name);
    if (!sum) {
      sum = { differing: 0, max: 0 };
      this.#outputs.set(name, sum);
    }
    const distance = distanceOf(active, shadow, name);
    if (Number.isFinite(distance.max)) sum.max = Math.max(sum.max, distance.max);
    if (distance.differs) sum.differing++;
    return distance.differs;
  }
}

interface Distance {
  readonly differs: boolean;
  readonly max: number;
}

const apart: Distance = { differs: true, max: 0 };

function distanceOf(active: OutputRow, shadow: OutputRow, name: string): Distance {
  const a = active.outputs.get(name);
  const b = shadow.outputs.get(name);
  if (!a || !b) return apart;
  const width = a.data.length / active.rows;
  if (width !== b.data.length / shadow.rows) return apart;
  const from = { a: active.index * width, b: shadow.index * width };
  let differs = false;
  let max = 0;
  for (let i = 0; i < width; i++) {
    const x = cellOf(a, from.a + i);
    const y = cellOf(b, from.b + i);
    // Also two NaN, which are the same answer.
    if (Object.is(x, y)) continue;
    if (typeof x !== 'number' || typeof y !== 'number') {
      differs = true;
      continue;
    }
    const distance = Math.abs(x - y);
    max = Math.max(max, distance);
    const isExact = !a.type.startsWith('float') || !b.type.startsWith('float');
    // Not `>`: what is infinitely far away, or no number, differs too.
    if (isExact ? distance !== 0 : !(distance <= tolerance * Math.max(1, Math.abs(x)))) {
      differs = true;
    }
  }
  return { differs, max };
}

/** Numbers as numbers, so that an integer and a number of another width can be compared. */
function cellOf({ data }: Tensor, index: number): unknown {
  const cell: unknown = data[index];
  return typeof cell === 'bigint' ? Number(cell) : cell;
}
