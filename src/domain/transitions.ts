import type { EventDraft } from './event.js';
import type { Execution } from './execution.js';
import { isFinal, type State } from './state.js';

/** A change of state that may happen: from where, to where, and how grave it is. */
interface Transition {
  readonly from: readonly State[];
  readonly to: State;
  readonly severity: EventDraft['severity'];
}

const withRunner: readonly State[] = ['STARTING', 'RUNNING', 'DEGRADED'];

/** Every change of state of an execution. Nothing else sets `state`. */
export const transitions = {
  admit: { from: ['QUEUED', 'RESTARTING'], to: 'STARTING', severity: 'INFO' },
  /** The one before it in its sequence has completed. */
  release: { from: ['QUEUED'], to: 'QUEUED', severity: 'INFO' },
  ready: { from: ['STARTING'], to: 'RUNNING', severity: 'INFO' },
  degrade: { from: ['RUNNING', 'DEGRADED'], to: 'DEGRADED', severity: 'WARNING' },
  recover: { from: ['DEGRADED'], to: 'RUNNING', severity: 'INFO' },
  retry: { from: withRunner, to: 'RESTARTING', severity: 'WARNING' },
  resume: { from: [...withRunner, 'RESTARTING'], to: 'RESTARTING', severity: 'INFO' },
  stop: { from: [...withRunner, 'RESTARTING'], to: 'STOPPING', severity: 'INFO' },
  cancel: { from: ['QUEUED', 'RESTARTING', 'STOPPING'], to: 'CANCELLED', severity: 'INFO' },
  complete: { from: [...withRunner, 'STOPPING'], to: 'COMPLETED', severity: 'INFO' },
  completeWithWarnings: {
    from: [...withRunner, 'STOPPING'],
    to: 'COMPLETED_WITH_WARNINGS',
    severity: 'WARNING',
  },
  fail: { from: ['QUEUED', 'RESTARTING', ...withRunner], to: 'FAILED', severity: 'ERROR' },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof transitions;

/** Why a transition happens. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  /** Default: `supervisor`. */
  readonly actor?: string;
  readonly severity?: EventDraft['severity'];
}

/** The execution after a transition, and the event that tells of it. */
export interface Transited {
  readonly execution: Execution;
  readonly event: EventDraft;
}

/** Whether the transition may happen from the state that the execution is in. */
export function may(execution: Execution, name: TransitionName): boolean {
  return (transitions[name].from as readonly State[]).includes(execution.state);
}

/** Applies a transition. One that may not happen is a fault of the program. */
export function transit(
  execution: Execution,
  name: TransitionName,
  cause: Cause & { readonly now: number },
): Transited {
  if (!may(execution, name)) {
    throw new Error(`transition ${name} from ${execution.state} of execution ${execution.id}`);
  }
  const { to, severity } = transitions[name];
  const next: Execution = {
    ...execution,
    state: to,
    reason: cause.reason,
    message: cause.message,
    stateAt: execution.state === to ? execution.stateAt : cause.now,
    ...(isFinal(to) ? { endedAt: cause.now } : {}),
  };
  return {
    execution: next,
    event: {
      taskId: execution.taskId,
      executionNumber: execution.number,
      at: cause.now,
      actor: cause.actor ?? 'supervisor',
      reason: cause.reason,
      message: cause.message,
      severity: cause.severity ?? severity,
      fromState: execution.state,
      toState: to,
      epoch: execution.epoch,
    },
  };
}
