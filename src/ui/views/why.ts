import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { ConditionStatus, type Task } from '../../../gen/ts/predictd/v1/task_pb.js';
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
  if (own.tone !== 'busy' || state === State.STOPPING) return own;
  const unmet = status?.conditions.find(
    ({ type, status: holds }) => holds === ConditionStatus.FALSE && !optional.has(type),
  );
  if (unmet) return { tone: 'warning', ...words(unmet.reason, unmet.message, state) };
  const again = state === State.STARTING && (status?.restartCount ?? 0) > 0;
  const [, reason, message] = /^([A-Z_]+): (.*)$/s.exec(status?.lastError ?? '') ?? [];
  if (!again || reason === undefined || message === undefined) return own;
  return { tone: 'warning', ...words(reason, `${message} It is started again.`, state) };
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

/** These are false in the middle of ordinary work. */
const optional: ReadonlySet<string> = new Set(['CaughtUp', 'Progressing']);

function words(reason: string, message: string, state: State): Omit<Why, 'tone'> {
  const text = spoken(reason);
  const says = text !== '' && text !== stateWord(state);
  return { reason: says ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.` : '', message };
}
