/** What is predicted: a model, and records of random numbers for it. */
export interface Workload {
  readonly name: string;
  /** File in test/fixtures without `.onnx`. */
  readonly model: string;
  readonly features: number;
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
    records: 400_000,
    what: '4 features, logistic regression',
  },
  {
    name: 'gbt',
    model: 'gbt',
    features: 30,
    records: 200_000,
    what: '30 features, 100 boosted trees of depth 4',
  },
  {
    name: 'ffnn',
    model: 'ffnn',
    features: 784,
    records: 40_000,
    what: '784 features, perceptron with 3 × 32 hidden units',
  },
];

/** Different rows of a workload; records repeat them. */
const ROWS = 500;

/** The JSON of the workload's rows: features in [0, 1) with four decimals. */
export function featureRows({ features }: Workload, random: () => number): string[] {
  return Array.from({ length: ROWS }, () => {
    const numbers = Array.from({ length: features }, () => random().toFixed(4));
    return `[${numbers.join(',')}]`;
  });
}
