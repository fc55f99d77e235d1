import type { Measured } from '../domain/measures.js';
import type { TensorInfo } from '../domain/model.js';
import type { RunnerOutcome, RunnerReport } from '../domain/runner-report.js';
import type { ModelUse } from '../domain/scoring.js';
import type { ModelRefusal } from '../domain/step-input.js';
import type { Suspects } from '../domain/suspects.js';
import type { TaskSpec } from '../domain/task.js';

/**
 * The conversation between the control process and a runner, over Node's IPC channel. Secrets go this way, never in
 * arguments or the environment. When the channel closes, the runner ends itself at once.
 */
export type ToRunner =
  | StartMessage
  | StopMessage
  | PingMessage
  | LoadModelMessage
  | UseModelMessage
  | DropModelMessage;

/** A model file and its signature as it was read at upload. */
export interface ModelFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** The first message: everything that the runner needs. */
export interface StartMessage {
  readonly type: 'start';
  readonly taskUid: string;
  readonly taskName: string;
  readonly executionNumber: number;
  readonly epoch: number;
  readonly spec: TaskSpec;
  /** Resolved: never empty. */
  readonly bootstrapServers: readonly string[];
  readonly consumerGroup: string;
  /** Absolute path of the model file, and what is known of it; absent if the task is scored elsewhere. */
  readonly model?: ModelFile;
  /** To be tried out before anything is read, and to be scored with instead of `model` if it is good and `use-model` follows. */
  readonly update?: ModelFile;
  /**
   * `HOST:PORT` and CIDRs that may be connected to, the operator's own brokers included. Nothing else is, neither
   * `bootstrapServers` nor what brokers advertise.
   */
  readonly allowEgress: readonly string[];
  /** Set when a bounded execution was begun by an earlier runner: the end offsets seen then. */
  readonly endOffsets?: Readonly<Record<string, number>>;
  /** Whether the operator's OpenTelemetry was loaded. */
  readonly traced?: boolean;
  /** W3C trace context of whoever started it; absent if nobody traces. */
  readonly traceparent?: string;
  /** Records that broke runners before. */
  readonly suspects?: Suspects;
  /** A model that takes longer for one part of a micro-batch hangs. */
  readonly scoreTimeoutMs: number;
  /** Our own record batch encoder and decoder instead of kafkajs's. */
  readonly fastCodec: boolean;
}

/** Finish the micro-batch, commit, leave the group, exit with code 0. */
export interface StopMessage {
  readonly type: 'stop';
}

/**
 * Try the model out in a process of its own, then load it beside the active one in every thread. Answered by `model-loaded` or
 * `model-refused`. A shadow scores from then on.
 */
export interface LoadModelMessage {
  readonly type: 'load-model';
  readonly model: ModelFile;
  readonly use: ModelUse;
}

/** Score with this loaded model from the next micro-batches on, and free the one before. */
export interface UseModelMessage {
  readonly type: 'use-model';
  readonly sha256: string;
}

/** Free this model, or stop loading it. The active one is never freed. */
export interface DropModelMessage {
  readonly type: 'drop-model';
  readonly sha256: string;
}

/** Answered by `heartbeat` at once, whatever the predictors do. */
export interface PingMessage {
  readonly type: 'ping';
}

export type FromRunner =
  | ReadyMessage
  | HeartbeatMessage
  | LogMessage
  | ModelLoadedMessage
  | ModelRefusedMessage
  | EndedMessage;

/** Group joined, model loaded and warmed up, output writable, first fetch answered. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly epoch: number;
}

/** Sent every second and on ping. */
export interface HeartbeatMessage extends RunnerReport {
  readonly type: 'heartbeat';
  readonly epoch: number;
  /** Since this runner began. */
  readonly measured: Measured;
}

/** Every thread holds the model, warmed up. */
export interface ModelLoadedMessage {
  readonly type: 'model-loaded';
  readonly epoch: number;
  readonly sha256: string;
}

/** The model cannot be used, or the shadow was given up; nothing of it is held any more. */
export interface ModelRefusedMessage {
  readonly type: 'model-refused';
  readonly epoch: number;
  readonly sha256: string;
  readonly cause: ModelRefusal;
}

/** One line for the history of the task. */
export interface LogMessage {
  readonly type: 'log';
  readonly epoch: number;
  readonly severity: 'INFO' | 'WARNING' | 'ERROR';
  readonly reason: string;
  readonly message: string;
}

/** The runner's last word; it exits right after. */
export interface EndedMessage {
  readonly type: 'ended';
  readonly epoch: number;
  readonly outcome: RunnerOutcome;
}
