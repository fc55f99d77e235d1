/** Upper bounds of buckets, in seconds, from a tenth of a millisecond to ten seconds. */
const durations = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
/** The same for what may take as long as a lag is: up to an hour. */
const ages = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600,
];
/** Records. */
const sizes = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536];

/** What a runner measures, each as a histogram with these upper bounds. Durations are in seconds. */
export const measures = {
  /** Of a micro-batch: reading its records into the inputs of the model. */
  decode: durations,
  /** Of a micro-batch: the model itself. */
  score: durations,
  /** Of a micro-batch: writing predictions, offset and counters. */
  commit: durations,
  /** Of a record: from its own timestamp to the commit of its micro-batch. */
  endToEnd: ages,
  /** Of a micro-batch: its records. */
  batchRecords: sizes,
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type Measure = keyof typeof measures;

/**
 * All measures as one row of numbers, which is cheap to send, to add and to subtract: for each measure one count for each
 * bucket, one for what is above the last bound, and the sum of the values.
 */
export type Measured = Float64Array;

/** One measure of a row. */
export interface Distribution {
  /** By bound, and the last one for what is above all of them; not cumulative. */
  readonly counts: Float64Array;
  readonly sum: number;
}

const names = Object.keys(measures) as Measure[];
const starts = new Map<Measure, number>();
let width = 0;
for (const name of names) {
  starts.set(name, width);
  width += measures[name].length + 2;
}

/** A row in which nothing was measured. */
export function nothingMeasured(): Measured {
  return new Float64Array(width);
}

/** Counts a value that was seen so many times. Values below zero, which clocks that differ give, count as zero. */
export function measure(row: Measured, name: Measure, value: number, times = 1): void {
  const bounds: readonly number[] = measures[name];
  const start = starts.get(name) ?? 0;
  const seen = Math.max(0, value);
  let bucket = 0;
  while (bucket < bounds.length && seen > (bounds[bucket] ?? 0)) bucket++;
  row[start + bucket] = (row[start + bucket] ?? 0) + times;
  const sum = start + bounds.length + 1;
  row[sum] = (row[sum] ?? 0) + seen * times;
}

/** Adds `part` to `total`, from which `before` is taken off if it is given. */
export function addMeasured(total: Measured, part: Measured, before?: Measured): void {
  for (let i = 0; i < width; i++) {
    total[i] = (total[i] ?? 0) + (part[i] ?? 0) - (before?.[i] ?? 0);
  }
}

/** One measure of a row. */
export function distributionOf(row: Measured, name: Measure): Distribution {
  const start = starts.get(name) ?? 0;
  const end = start + measures[name].length + 1;
  return { counts: row.subarray(start, end), sum: row[end] ?? 0 };
}
