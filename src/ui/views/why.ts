import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { hindranceOf } from '../../cli/hindrance.js';
import { isOver, spoken, stateTone, stateWord, type Tone } from '../words.js';

/** Why a task does what it does, or does not do what it should. */
export interface Why {
  readonly tone: Tone;
  /** In a few words; empty if the state says it. */
  readonly reason: string;
  readonly message: string;
}

/**
 * The reason of the state, unless a task that should run is held up by something that its state does not tell: it starts
 * for the third time, say, because the broker does not answer.
 */
export function whyOf(task: Task): Why {
  const { status } = task;
  const state = status?.state ?? State.UNSPECIFIED;
  const own = {
    tone: stateTone(state),
    ...words(status?.reason ?? '', status?.message ?? '', state),
  };
  const hindrance = status && hindranceOf(status);
  if (hindrance === undefined) return own;
  return { tone: 'warning', ...words(hindrance.reason, hindrance.message, state) };
}

/** Whether somebody should look at it. */
export function isTroubled(task: Task): boolean {
  const { tone } = whyOf(task);
  return tone === 'bad' || tone === 'warning';
}

/** Whether it does nothing and is not about to. */
export function isStopped({ status }: Task): boolean {
  return isOver(status?.state ?? State.UNSPECIFIED);
}

function words(reason: string, message: string, state: State): Omit<Why, 'tone'> {
  const text = spoken(reason);
  const says = text !== '' && text !== stateWord(state);
  return { reason: says ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.` : '', message };
}
