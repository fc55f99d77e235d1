import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import type { TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';
import { hindranceOf } from './hindrance.js';
import { reasonWord } from './wording.js';

/** Why a task is as it is. */
export interface Why {
  /** In one word; empty if the state says it. */
  readonly reason: string;
  /** In a sentence. */
  readonly message: string;
}

/**
 * The reason of the state, unless a task that starts is held up by something that its state does not tell: its broker does
 * not answer, say.
 */
export function whyOf(status: TaskStatus): Why {
  const { reason, message } = hindranceOf(status) ?? status;
  return { reason: reasonWord({ state: status.state, reason }), message };
}

/** Why in a line: in one word, and in a sentence if somebody should look at it. */
export function whyLine(status: TaskStatus): string {
  const { reason, message } = whyOf(status);
  const sentence = isTroubled(status) ? message || status.lastError : '';
  return [reason, sentence].filter((text) => text !== '').join(': ');
}

/** Whether somebody should look at it. */
export function isTroubled(status: TaskStatus): boolean {
  return troubled.includes(status.state) || hindranceOf(status) !== undefined;
}

const troubled: readonly State[] = [State.FAILED, State.UNKNOWN, State.DEGRADED, State.RESTARTING];
