import type { Workload } from './workloads.js';

/** One way to predict a topic. */
export interface Contestant {
  readonly name: string;
  /** Begins to predict `work.source`. The caller ends the run. */
  start(work: Work): Promise<Run>;
}

/** What is to be predicted, and where to. Both topics are there. */
export interface Work {
  readonly workload: Workload;
  readonly source: string;
  readonly sink: string;
  /** Records to predict; 0: all that will come. */
  readonly records: number;
  /** Predicting threads, where the contestant can have more than one. Default 1. */
  readonly parallelism?: number;
}

/** A contestant at work. */
export interface Run {
  /** The process that, with its descendants, does the work. */
  readonly processId: number;
  /** Resolves when a counted run is over; rejects if it failed. */
  done(): Promise<Span>;
  /** Ends the run and waits until it is gone. */
  end(): Promise<void>;
}

/** A counted run, in milliseconds since 1970. */
export interface Span {
  readonly firstRecordAt: number;
  readonly lastCommitAt: number;
  /** From asking for the run to hearing of its end, where the contestant can say so. */
  readonly wholeMs?: number;
}

/** Waits of a micro-batch that is not full; the same for all that have such a setting. */
export const MAX_WAIT_MS = 50;
/** Records of a full micro-batch. */
export const BATCH_RECORDS = 4_000;
/** A run that takes longer is broken. */
export const RUN_DEADLINE_MS = 300_000;
