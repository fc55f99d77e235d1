/** What is predicted: a model, and records of random numbers for it. */
export interface Workload {
  readonly name: string;
  /** File in test/fixtures without `.onnx`. */
  readonly model: string;
  readonly features: number;
  /**
   * How a record's features and its prediction are written: in an array of a JSON object each, the prediction with its label; or as
   * raw little-endian float32, and nothing else.
   */
  readonly format: 'JSON' | 'FLOAT32';
  /** Records of a full run. */
  readonly records: number;
  readonly what: string;
}

/** The workloads, from the smallest records to the largest. */
export const workloads: readonly Workload[] = [
  {
    name: 'iris',
    model: 'iris',
    features: 4,
    format: 'JSON',
    records: 800_000,
    what: '4 features, logistic regression',
  },
  {
    name: 'gbt',
    model: 'gbt',
    features: 30,
    format: 'JSON',
    records: 400_000,
    what: '30 features, 100 boosted trees of depth 4',
  },
  {
    name: 'ffnn',
    model: 'ffnn',
    features: 784,
    format: 'JSON',
    records: 100_000,
    what: '784 features, perceptron with 3 × 32 hidden units',
  },
  {
    name: 'ffnn-raw',
    model: 'ffnn',
    features: 784,
    format: 'FLOAT32',
    records: 300_000,
    what: 'the same with raw float32 for payload, of the features and of the probabilities',
  },
];

/** Different rows of a workload; records repeat them. */
const ROWS = 500;

/** Gives a record's value by its number: features in [0, 1) with four decimals. */
export type ValueFor = (id: number) => Buffer;

/** Makes the values of a workload's records. */
export function recordValues({ features, format }: Workload, random: () => number): ValueFor {
  const rows = Array.from({ length: ROWS }, () =>
    Array.from({ length: features }, () => random().toFixed(4)),
  );
  if (format === 'FLOAT32') {
    const raw = rows.map((row) => Buffer.from(Float32Array.from(row, Number).buffer));
    return (id) => raw[id % ROWS] ?? Buffer.alloc(0);
  }
  const lists = rows.map((row) => `[${row.join(',')}]`);
  return (id) => Buffer.from(`{"id":${id},"features":${lists[id % ROWS]}}`);
}
