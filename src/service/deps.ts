import type { DeadLetters } from '../domain/dead-letter.js';
import type { EgressPolicy } from '../domain/egress.js';
import type { ExecutionLogs } from '../domain/execution-log.js';
import type { LogControl } from '../domain/log-level.js';
import type { Measured } from '../domain/measures.js';
import type {
  ChangeFeed,
  Clock,
  ModelFiles,
  ModelRunner,
  Store,
  Supervisor,
} from '../domain/ports.js';
import type { OpenCalls } from './open-calls.js';

/** What the use cases need of the outside. */
export interface ServiceDeps {
  readonly store: Store;
  readonly supervisor: Supervisor;
  readonly modelRunner: ModelRunner;
  readonly modelFiles: ModelFiles;
  readonly logs: ExecutionLogs;
  readonly deadLetters: DeadLetters;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** An archive of everything that is kept, as of one moment. */
  readonly archive: () => AsyncIterable<Uint8Array>;
  readonly logControl: LogControl;
  readonly settings: ServiceSettings;
  /** What runners measured; absent where nothing is. */
  readonly measured?: MeasuredTasks;
}

/** What was measured of tasks, by their ids. */
export interface MeasuredTasks {
  of(taskId: number): Measured | undefined;
}

export interface ServiceSettings {
  /** `HOST:PORT` of the brokers that tasks use by default. */
  readonly brokers: readonly string[];
  /** `HOST:PORT` or CIDR that tasks may connect to besides. */
  readonly allowEgress: readonly string[];
}

/** Makes and keeps credentials. */
export interface Secrets {
  hashPassword(password: string): Promise<string>;
  hashToken(token: string): string;
  newPassword(): string;
  newToken(): string;
  /** 16 random bytes in Base64. */
  newSecretKey(): string;
  seal(plaintext: string, context: string): string;
}

/** What most use cases need, with the egress policy made once. */
export interface Room extends ServiceDeps {
  readonly egress: EgressPolicy;
  readonly exclusive: Exclusive;
  /** Whatever runs a process with a model, by turns of the callers. */
  readonly inTurn: InTurn;
  /** Calls that go on for long, other than watches. */
  readonly calls: OpenCalls;
}

/** Runs works of one key one after another; works of different keys do not wait for each other. */
export type Exclusive = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Runs a work of a user as soon as it is its turn. */
export type InTurn = <T>(user: string, work: () => Promise<T>) => Promise<T>;
