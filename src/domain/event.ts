import type { State } from './state.js';

/** One line of the history of a task, as it is about to be written. */
export interface EventDraft {
  readonly taskId: number;
  /** Absent if the event is of the task itself. */
  readonly executionNumber?: number;
  readonly at: number;
  /** `users/{user}` or `supervisor`. */
  readonly actor: string;
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
  readonly severity: 'INFO' | 'WARNING' | 'ERROR';
  readonly fromState?: State;
  readonly toState?: State;
  /** 0: not about a runner. */
  readonly epoch: number;
}

/** One line of history as it was written. */
export interface Event extends EventDraft {
  /** In the history of the whole service; grows, may have gaps for a reader of one task. */
  readonly sequence: number;
  /** In the history of the task, from 1 without gaps. */
  readonly number: number;
  /** `users/{user}/tasks/{task}`, kept for readers after the task is deleted. */
  readonly task: string;
  /** Owner of the task. */
  readonly user: string;
}
