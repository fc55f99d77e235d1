import type { Counters } from '../domain/execution.js';
import type { Measured } from '../domain/measures.js';
import type { RunnerOutcome } from '../domain/runner-report.js';
import type { ShadowReport } from '../domain/shadow-report.js';
import type {
  DropModelMessage,
  LoadModelMessage,
  LogMessage,
  ModelLoadedMessage,
  ModelRefusedMessage,
  StartMessage,
  UseModelMessage,
} from './messages.js';
import type { TopicLimits } from './topic-limits.js';

/** What a predictor thread is started with. */
export interface ThreadData {
  readonly start: StartMessage;
  /** From 0; part of the client id. */
  readonly index: number;
  /** Of a ScoringMark. */
  readonly mark: SharedArrayBuffer;
}

/** What the main thread found out about the topics, once for all threads. */
export interface Plan {
  readonly sourcePartitions: number;
  /** As many as the source had when the task began to read it; the others are read from their first record. */
  readonly partitionsAtStart: number;
  readonly sink: TopicPlan;
  /** Absent unless bad records are dead-lettered. */
  readonly deadLetter?: TopicPlan;
  /** Bounded executions: by partition, the offset to stop at. */
  readonly endOffsets?: ReadonlyMap<number, number>;
}

/** A topic that is written to. */
export interface TopicPlan {
  readonly topic: string;
  readonly partitions: number;
  /** Largest record batch that the broker takes, in bytes. */
  readonly maxBatchBytes: number;
  readonly limits: TopicLimits;
}

export type ToThread =
  | { readonly type: 'go'; readonly plan: Plan }
  /** Ask the group at once whether it changes: another thread is joining. */
  | { readonly type: 'nudge' }
  | LoadModelMessage
  | UseModelMessage
  | DropModelMessage
  /** Finish the micro-batch, leave the group, release the model, end. */
  | { readonly type: 'stop' };

export type FromThread =
  | { readonly type: 'loaded' }
  | { readonly type: 'joining' }
  /** The server that predicts cannot be reached, and is tried again; without trouble it can. */
  | { readonly type: 'predictor'; readonly trouble?: Trouble }
  | { readonly type: 'progress'; readonly progress: ThreadProgress }
  | ({ readonly type: 'log' } & Pick<LogMessage, 'severity' | 'reason' | 'message'>)
  | Omit<ModelLoadedMessage, 'epoch'>
  | Omit<ModelRefusedMessage, 'epoch'>
  /** The last word of a thread. `stopped` also when a bounded execution is over. */
  | { readonly type: 'ended'; readonly outcome: RunnerOutcome };

/** What a thread is trying to get over. */
export interface Trouble {
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
}

/** Sent several times a second, whatever happens. */
export interface ThreadProgress {
  /** Milliseconds since the data loop last turned. */
  readonly loopAgeMs: number;
  /** Trouble with Kafka that the thread is trying to get over. */
  readonly trouble?: Trouble;
  readonly connected: boolean;
  readonly joined: boolean;
  /** Joined, and the first fetch was answered, unless there is nothing to fetch. */
  readonly ready: boolean;
  readonly partitions: readonly PartitionState[];
  /** Milliseconds from taking a micro-batch to its commit, of those since the message before. */
  readonly batchMs: readonly number[];
  /** Since the message before. */
  readonly measured: Measured;
  /** Of the model that scores the next micro-batches; empty if it is not an uploaded one. */
  readonly modelSha256: string;
  readonly shadow?: ShadowReport;
}

/** One partition that a thread owns. */
export interface PartitionState {
  readonly partition: number;
  /** All before it are done and committed. */
  readonly offset: number;
  /** Offset to reach: fixed for bounded executions, else behind the newest record that may be read. */
  readonly endOffset: number;
  /** Own time of the oldest record that is read and not done, in milliseconds since 1970, if there is one. */
  readonly oldestAt?: number;
  readonly counters: Counters;
  /** Milliseconds since a record was committed or there was none to read. */
  readonly progressAgeMs: number;
}
