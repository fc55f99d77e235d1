import type { EventDraft } from './event.js';

/** Who said a line of an execution's log. */
export type LogSource = 'STDOUT' | 'STDERR' | 'RUNNER' | 'SUPERVISOR';

/** A line of an execution's log as it is about to be kept. Times are milliseconds since 1970. */
export interface LogDraft {
  readonly at: number;
  /** Of the runner that it is about; 0: of none. */
  readonly epoch: number;
  readonly source: LogSource;
  readonly severity: EventDraft['severity'];
  /** One UPPER_SNAKE word; empty for what a runner printed. */
  readonly reason: string;
  readonly message: string;
}

/** A line of an execution's log. */
export interface LogLine extends LogDraft {
  /** Within the execution, from 1. A number that is missing is a line that was not kept. */
  readonly number: number;
}

/** What is followed, and the newest lines of it. */
export interface FollowedLog {
  /** The newest lines that are kept, oldest first. What the listener is told comes right after them. */
  readonly lines: readonly LogLine[];
  /** Ends the telling. */
  readonly close: () => void;
}

/**
 * The logs of executions, a bounded ring for each. They serve people, not decisions: what the disk does not take is left out, and
 * nobody waits for it.
 */
export interface ExecutionLogs {
  /** Keeps a line. Never throws. `uid` is the execution's. */
  append(uid: string, draft: LogDraft): void;
  /** Answers the newest lines, at most `count`, and tells every one that comes later. The listener must not block. */
  follow(uid: string, count: number, listener: (line: LogLine) => void): Promise<FollowedLog>;
  /** Resolves when all that was appended has been told. */
  settled(uid: string): Promise<void>;
  /** Executions that have a log. */
  list(): Promise<readonly string[]>;
  remove(uid: string): Promise<void>;
}
