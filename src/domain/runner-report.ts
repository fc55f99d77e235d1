import type { Condition, Counters, Live, PartitionProgress } from './execution.js';
import type { ShadowReport } from './shadow-report.js';
import type { OffsetRange } from './suspects.js';

/** What a runner says of itself every second. */
export interface RunnerReport {
  /** Milliseconds since the slowest of its data loops last turned. */
  readonly loopAgeMs: number;
  /** Milliseconds since a record was last committed, or there was nothing to read. */
  readonly progressAgeMs: number;
  readonly memoryBytes: number;
  readonly recordsPerSecond: number;
  readonly latencyMs?: NonNullable<Live['latencyMs']>;
  readonly counters: Counters;
  readonly partitions: readonly PartitionProgress[];
  /**
   * Bounded executions: share of the records that are done; others: consumed / (consumed + lag). 0 to 100. Absent until it is known
   * what there is to read.
   */
  readonly percentComplete?: number;
  readonly modelSha256: string;
  readonly shadow?: ShadowReport;
  readonly conditions: readonly Omit<Condition, 'since'>[];
}

/** How a runner says that it ended. */
export type RunnerOutcome =
  /** A bounded execution reached its end. */
  | { readonly type: 'completed' }
  /** Stopped as asked. */
  | { readonly type: 'stopped' }
  /** Broke. `fatal`: a restart would not mend it. */
  | {
      readonly type: 'failed';
      readonly reason: string;
      readonly message: string;
      readonly fatal: boolean;
      /** What was being scored when it broke, if that may be why. */
      readonly suspects?: readonly OffsetRange[];
    };
