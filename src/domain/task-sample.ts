import type { Counters, PartitionProgress } from './execution.js';
import type { Measured } from './measures.js';
import type { State } from './state.js';

/** A task in numbers, as of one moment. */
export interface TaskSample {
  readonly user: string;
  readonly name: string;
  readonly state: State;
  /**
   * Of all its executions, from the first one on. They only grow while the task exists. Absent while they are not known: after
   * a crash of the service until the runner says what Kafka has, since what was stored is some seconds older.
   */
  readonly counters?: Counters;
  readonly restarts: number;
  readonly executions: number;
  /** Of an execution that has not ended. */
  readonly active?: ActiveSample;
  /** What its runners measured since the service began; absent if there was none. */
  readonly measured?: Measured;
}

/** What only an execution has that goes on. */
export interface ActiveSample {
  readonly recordsPerSecond: number;
  readonly partitions: readonly PartitionProgress[];
  /** 0 without a runner. */
  readonly memoryBytes: number;
}
