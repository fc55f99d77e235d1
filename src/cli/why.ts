import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { ConditionStatus, type TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';
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

/** What keeps a task from starting. */
function hindranceOf({ state, conditions, restartCount, lastError }: TaskStatus): Why | undefined {
  if (state !== State.STARTING) return undefined;
  const unmet = conditions.find(
    ({ type, status }) => status === ConditionStatus.FALSE && !ordinary.includes(type),
  );
  if (unmet) return unmet;
  return restartCount > 0 && lastError !== '' ? { reason: '', message: lastError } : undefined;
}

const troubled: readonly State[] = [State.FAILED, State.UNKNOWN, State.DEGRADED, State.RESTARTING];

/** These are false in the middle of ordinary work. */
const ordinary: readonly string[] = ['CaughtUp', 'Progressing'];
