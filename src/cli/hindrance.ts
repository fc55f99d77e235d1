import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { ConditionStatus, type TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';

/** What keeps a task from starting. */
export interface Hindrance {
  /** In one UPPER_SNAKE word; empty if none was said. */
  readonly reason: string;
  /** In a sentence. */
  readonly message: string;
}

/**
 * What holds up a task that starts and its state does not tell: its broker does not answer, say, or it starts for the third
 * time. The command line and the dashboard show it in place of the reason of the state.
 */
export function hindranceOf({
  state,
  conditions,
  restartCount,
  lastError,
}: TaskStatus): Hindrance | undefined {
  if (state !== State.STARTING) return undefined;
  const unmet = conditions.find(
    ({ type, status }) => status === ConditionStatus.FALSE && !ordinary.includes(type),
  );
  if (unmet) return unmet;
  if (restartCount === 0 || lastError === '') return undefined;
  const [, reason = '', message = lastError] = /^([A-Z_]+): (.*)$/s.exec(lastError) ?? [];
  return { reason, message };
}

/** These are false in the middle of ordinary work. */
const ordinary: readonly string[] = ['CaughtUp', 'Progressing'];
