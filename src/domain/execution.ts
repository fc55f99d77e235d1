import type { Scoring } from './scoring.js';
import type { ShadowReport } from './shadow-report.js';
import type { State } from './state.js';
import type { Suspects } from './suspects.js';
import { scoringOf, type TaskSpec } from './task.js';

/** One run of a task. Times are milliseconds since 1970 on the service's clock. */
export interface Execution {
  /** From the one sequence that covers tasks, executions and files. */
  readonly id: number;
  readonly uid: string;
  readonly taskId: number;
  /** Within the task, from 1. */
  readonly number: number;
  readonly state: State;
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
  /** Since when `state` holds. */
  readonly stateAt: number;
  /** Counts the runners of this execution. What an older runner says is not believed. */
  readonly epoch: number;
  /** Generation of the spec that it runs. */
  readonly generation: number;
  /** The spec that it runs, as it was when the execution was asked for. */
  readonly spec: TaskSpec;
  /** `users/{user}` who asked for it. */
  readonly actor: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** First cause of the newest trouble; empty if there was none. */
  readonly lastError: string;
  readonly restartCount: number;
  /** Restarts since it was last healthy for long: what the budget counts. */
  readonly restartsInRow: number;
  readonly nextRestartAt?: number;
  /** Final state to take when the runner has exited, decided while stopping. */
  readonly termination?: Termination;
  /** Which models score; absent if it is scored elsewhere. */
  readonly scoring?: Scoring;
  /** Records that broke its runners; absent if none did. */
  readonly suspects?: Suspects;
  readonly progress: Progress;
  /** Id of the execution that this one continues. */
  readonly continues?: number;
}

export interface Termination {
  readonly reason: string;
  readonly message: string;
  readonly exitCode?: number;
  readonly signal: string;
  readonly at: number;
}

/** How far an execution is. Counters are exact also after a crash: they are committed with the offsets. */
export interface Progress {
  readonly counters: Counters;
  readonly partitions: readonly PartitionProgress[];
  readonly percentComplete: number;
}

export interface Counters {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly recordsDeadLettered: number;
  readonly recordsSkipped: number;
}

export interface PartitionProgress {
  readonly partition: number;
  /** Offset of the next record; all before it are done and committed. */
  readonly offset: number;
  /** Offset after the newest record, for bounded executions the one seen at the start. */
  readonly endOffset: number;
  readonly lag: number;
  /** Own time of the oldest record that is not done, in milliseconds since 1970; absent if none is known. */
  readonly oldestAt?: number;
}

export const noCounters: Counters = {
  recordsIn: 0,
  recordsOut: 0,
  recordsDeadLettered: 0,
  recordsSkipped: 0,
};

/** The sum of two. */
export function addCounters(a: Counters, b: Counters): Counters {
  return {
    recordsIn: a.recordsIn + b.recordsIn,
    recordsOut: a.recordsOut + b.recordsOut,
    recordsDeadLettered: a.recordsDeadLettered + b.recordsDeadLettered,
    recordsSkipped: a.recordsSkipped + b.recordsSkipped,
  };
}

export const noProgress: Progress = { counters: noCounters, partitions: [], percentComplete: 0 };

/** Reason of an execution that is queued until the one that it continues has completed. */
export const waitingReason = 'WAITS_FOR_EXECUTION';

/** The models of an execution; what its spec names was the active one at its start. */
export function scoringOfExecution({
  spec,
  scoring,
}: Pick<Execution, 'spec' | 'scoring'>): Scoring | undefined {
  return scoring ?? scoringOf({ spec });
}

/** Whether an execution of a sequence still waits for its turn. */
export function waitsForTurn({ state, reason }: Pick<Execution, 'state' | 'reason'>): boolean {
  return state === 'QUEUED' && reason === waitingReason;
}

/** Records not yet predicted, over all partitions. */
export function totalLag(progress: Progress): number {
  return progress.partitions.reduce((sum, partition) => sum + partition.lag, 0);
}

/** Conditions of a running execution, reported by its runner. */
export const conditionTypes = [
  'KafkaConnected',
  'GroupJoined',
  'ModelLoaded',
  'OutputWritable',
  'LoopAlive',
  'Progressing',
  'CaughtUp',
] as const;

/** The last one is known without a runner. */
export type ConditionType = (typeof conditionTypes)[number] | 'ModelUpToDate';

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'TRUE' | 'FALSE' | 'UNKNOWN';
  readonly reason: string;
  readonly message: string;
  readonly since: number;
}

/** What is known of a runner only while it runs; never stored. */
export interface Live {
  readonly epoch: number;
  readonly processId: number;
  /** When the runner last answered. */
  readonly heartbeatAt: number;
  /** When its data loop last turned. */
  readonly loopAt: number;
  /** When a record was last done, or there was nothing to do. */
  readonly progressAt: number;
  readonly memoryBytes: number;
  readonly recordsPerSecond: number;
  readonly latencyMs?: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly modelSha256: string;
  /** How the shadow compares. */
  readonly shadow?: ShadowReport;
  readonly conditions: readonly Condition[];
}
