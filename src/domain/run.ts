import type { Condition, Execution } from './execution.js';
import type { RunnerOutcome, RunnerReport } from './runner-report.js';

/** An execution that has not ended, with what is known of its runner. */
export interface Run {
  readonly execution: Execution;
  /** Absent while no runner process is there. */
  readonly runner?: Runner;
}

/** A runner process as the supervisor sees it. */
export interface Runner {
  readonly epoch: number;
  /** 0 until the process was forked. */
  readonly processId: number;
  readonly startedAt: number;
  readonly heartbeatAt: number;
  readonly ready: boolean;
  readonly report?: RunnerReport;
  /** Conditions of the report, each with the time since when it is so. */
  readonly conditions: readonly Condition[];
  /** What it counted in the last minute. */
  readonly counted?: CounterWindow;
  /** Its last word, said before it exits. */
  readonly outcome?: RunnerOutcome;
  /** SHA-256 of the shadow that it holds. */
  readonly shadow?: string;
  /** When a cooperative stop is over. */
  readonly stopDeadline?: number;
  /** Why the supervisor killed it. */
  readonly killed?: { readonly reason: string; readonly message: string };
}

/** What an execution had counted at a moment. */
export interface CounterSample {
  readonly at: number;
  readonly recordsIn: number;
  /** Dead-lettered or skipped. */
  readonly recordsBad: number;
}

/** Counters of the last minute, oldest first; they are an execution's, so that they only grow. */
export type CounterWindow = readonly CounterSample[];

/** An execution with the progress that its runner reports of it. */
export function withProgress({ execution, runner }: Run, report: RunnerReport): Execution {
  const { counters, partitions } = report;
  // A runner that has not read its committed offsets yet knows less than the execution does; from one that has, fewer are fewer.
  const isLess = partitions.length < execution.progress.partitions.length;
  if (isLess && !runner?.ready) return execution;
  const { percentComplete = execution.progress.percentComplete } = report;
  return { ...execution, progress: { counters, partitions, percentComplete } };
}
