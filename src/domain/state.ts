/** What a task or an execution is doing. `CREATED` is only said of tasks that never ran. */
export const states = [
  'CREATED',
  'QUEUED',
  'STARTING',
  'RUNNING',
  'DEGRADED',
  'RESTARTING',
  'STOPPING',
  'COMPLETED',
  'COMPLETED_WITH_WARNINGS',
  'CANCELLED',
  'FAILED',
  'UNKNOWN',
] as const;
export type State = (typeof states)[number];

/** States that an execution never leaves. */
export type FinalState = 'COMPLETED' | 'COMPLETED_WITH_WARNINGS' | 'CANCELLED' | 'FAILED';

const finalStates: ReadonlySet<State> = new Set<FinalState>([
  'COMPLETED',
  'COMPLETED_WITH_WARNINGS',
  'CANCELLED',
  'FAILED',
]);

/** Whether an execution in this state has ended for good. */
export function isFinal(state: State): state is FinalState {
  return finalStates.has(state);
}

const runnerStates: ReadonlySet<State> = new Set<State>([
  'STARTING',
  'RUNNING',
  'DEGRADED',
  'RESTARTING',
  'STOPPING',
]);

/** Whether an execution in this state takes one of the places of `tasks-max`. */
export function takesPlace(state: State): boolean {
  return runnerStates.has(state);
}
