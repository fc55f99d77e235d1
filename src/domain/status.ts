import {
  type Condition,
  type Counters,
  conditionTypes,
  type Execution,
  type Live,
  noCounters,
  type PartitionProgress,
  scoringOfExecution,
  type Termination,
  totalLag,
} from './execution.js';
import { limits } from './limits.js';
import type { Observation } from './ports.js';
import type { Scoring } from './scoring.js';
import type { ShadowReport } from './shadow-report.js';
import { isFinal, type State } from './state.js';
import { scoringOf, type Task } from './task.js';

/** What was observed of a task. It covers its newest execution. Times are milliseconds since 1970. */
export interface TaskStatus {
  readonly state: State;
  readonly reason: string;
  readonly message: string;
  readonly stateAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly processIsAlive: boolean;
  readonly lastError: string;
  readonly counters: Counters;
  readonly lag: number;
  readonly percentComplete: number;
  /** Number of the newest execution; absent if the task never ran. */
  readonly executionNumber?: number;
  readonly recordsPerSecond: number;
  /** When the lag will be worked off at the present rate. */
  readonly estimatedEndAt?: number;
  readonly partitions: readonly PartitionProgress[];
  readonly latencyMs?: Live['latencyMs'];
  /** 0: there is no runner. */
  readonly processId: number;
  readonly memoryBytes: number;
  readonly restartCount: number;
  readonly nextRestartAt?: number;
  readonly lastTermination?: Termination;
  readonly conditions: readonly Condition[];
  readonly modelSha256: string;
  /** Absent if the task is scored elsewhere. */
  readonly scoring?: Scoring;
  /** Absent while no shadow scores. */
  readonly shadow?: ShadowReport;
}

/**
 * Says what a task is doing from what is known of it at this moment. Nothing that is stored is believed beyond the
 * lease of the one who said it: without a runner that answers, a running execution is UNKNOWN.
 */
export function deriveStatus(
  task: Pick<Task, 'createdAt' | 'spec' | 'scoring'>,
  observation: Observation,
  now: number,
): TaskStatus {
  const { execution } = observation;
  if (!execution) return neverRan(task);
  const live = observation.live?.epoch === execution.epoch ? observation.live : undefined;
  const alive = observation.processIsAlive && live !== undefined && !isFinal(execution.state);
  const { progress } = execution;
  const lag = totalLag(progress);
  const rate = alive ? live.recordsPerSecond : 0;
  const { state, reason, message, stateAt } = stateOf(execution, { live, alive, lag, now });
  // What every status has comes first: spreads in between would make it a slow dictionary in V8.
  return {
    state,
    reason,
    message,
    stateAt,
    processIsAlive: alive,
    lastError: execution.lastError,
    counters: progress.counters,
    lag,
    percentComplete: reachedEnd(execution) ? 100 : progress.percentComplete,
    executionNumber: execution.number,
    recordsPerSecond: rate,
    partitions: progress.partitions,
    processId: live?.processId ?? 0,
    memoryBytes: live?.memoryBytes ?? 0,
    restartCount: execution.restartCount,
    conditions: conditionsOf(execution, live, now),
    modelSha256: alive ? live.modelSha256 : '',
    ...timesOf(execution),
    ...(lag > 0 && rate > 0 ? { estimatedEndAt: now + Math.ceil((lag / rate) * 1_000) } : {}),
    ...(alive && live.latencyMs ? { latencyMs: live.latencyMs } : {}),
    ...(execution.termination ? { lastTermination: execution.termination } : {}),
    ...modelsOf(task, execution),
    ...(alive && live.shadow ? { shadow: live.shadow } : {}),
  };
}

/** The execution with the state that is true now. */
export function deriveExecution(observation: Observation, now: number): Execution | undefined {
  const { execution } = observation;
  if (!execution) return undefined;
  const { state, reason, message, stateAt } = deriveStatus(execution, observation, now);
  return { ...execution, state, reason, message, stateAt };
}

type StateFields = Pick<TaskStatus, 'state' | 'reason' | 'message' | 'stateAt'>;

interface Sight {
  readonly live: Live | undefined;
  readonly alive: boolean;
  readonly lag: number;
  readonly now: number;
}

function stateOf(execution: Execution, sight: Sight): StateFields {
  const { state, reason, message, stateAt } = execution;
  const unknown = unknownSince(execution, sight);
  if (unknown) return unknown;
  if (state !== 'RUNNING') return { state, reason, message, stateAt };
  return stallOf(sight) ?? { state, reason, message, stateAt };
}

/** Whether nobody knows what the runner does, and since when. */
function unknownSince({ state, stateAt }: Execution, sight: Sight): StateFields | undefined {
  const needsRunner = state === 'RUNNING' || state === 'DEGRADED';
  if (!needsRunner && state !== 'STARTING' && state !== 'STOPPING') return undefined;
  if (needsRunner && !sight.live) {
    const message = 'Its runner is gone, and what it did last is not known.';
    return { state: 'UNKNOWN', reason: 'RUNNER_GONE', message, stateAt };
  }
  const seenAt = Math.max(sight.live?.heartbeatAt ?? 0, stateAt);
  if (sight.now - seenAt < limits.leaseMs) return undefined;
  return {
    state: 'UNKNOWN',
    reason: 'LEASE_EXPIRED',
    message: `Its runner has not answered for ${Math.floor((sight.now - seenAt) / 1_000)} s.`,
    stateAt: seenAt + limits.leaseMs,
  };
}

/** Whether a runner that answers does no work. */
function stallOf({ live, alive, lag, now }: Sight): StateFields | undefined {
  if (!live) return undefined;
  if (!alive) {
    const message = 'The runner answers, but its data loop does not turn.';
    return { state: 'DEGRADED', reason: 'LOOP_STALLED', message, stateAt: live.loopAt };
  }
  if (lag === 0 || now - live.progressAt < limits.stallMs) return undefined;
  const message = `There are ${lag} records to predict, but none was done lately.`;
  return { state: 'DEGRADED', reason: 'STALLED', message, stateAt: live.progressAt };
}

function reachedEnd({ state }: Execution): boolean {
  return state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS';
}

function timesOf(
  execution: Execution,
): Pick<TaskStatus, 'startedAt' | 'endedAt' | 'nextRestartAt'> {
  const { startedAt, endedAt, nextRestartAt, state } = execution;
  return {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(nextRestartAt === undefined || state !== 'RESTARTING' ? {} : { nextRestartAt }),
  };
}

function conditionsOf(
  execution: Execution,
  live: Live | undefined,
  now: number,
): readonly Condition[] {
  if (isFinal(execution.state) || execution.state === 'QUEUED') return [];
  return [...runnerConditions(execution, live, now), ...modelCondition(execution)];
}

/** What a runner tells holds for a lease, also of a data loop that does not turn. */
function runnerConditions(
  { stateAt }: Execution,
  live: Live | undefined,
  now: number,
): readonly Condition[] {
  const leaseEnd = live && live.heartbeatAt + limits.leaseMs;
  if (live && leaseEnd !== undefined && now < leaseEnd) return live.conditions;
  const why = live
    ? { reason: 'LEASE_EXPIRED', message: 'Its runner does not answer.' }
    : { reason: 'NO_RUNNER', message: 'No runner tells.' };
  const since = leaseEnd ?? stateAt;
  return conditionTypes.map((type) => ({ type, status: 'UNKNOWN', ...why, since }));
}

/** Whether the model that was wished for last is the one that scores. */
function modelCondition(execution: Execution): readonly Condition[] {
  const scoring = scoringOfExecution(execution);
  if (!scoring) return [];
  const type = 'ModelUpToDate';
  const { update } = scoring;
  if (!update) {
    const since = Math.max(execution.startedAt ?? execution.createdAt, scoring.settledAt ?? 0);
    return [{ type, status: 'TRUE', reason: 'UP_TO_DATE', message: '', since }];
  }
  const isBlocked = update.state === 'BLOCKED';
  const message = isBlocked ? `${update.reason}: ${update.message}` : update.message;
  const reason = isBlocked ? 'UPDATE_BLOCKED' : 'UPDATING';
  return [{ type, status: 'FALSE', reason, message, since: update.at }];
}

/** What runs is what the execution says; without one the next execution counts. */
function modelsOf(
  task: Pick<Task, 'spec' | 'scoring'>,
  execution: Execution,
): Pick<TaskStatus, 'scoring'> {
  const scoring = isFinal(execution.state)
    ? lastOf(task, execution)
    : scoringOfExecution(execution);
  return scoring ? { scoring } : {};
}

/** A change that was refused is told until another one is asked for. */
function lastOf(task: Pick<Task, 'spec' | 'scoring'>, { scoring }: Execution): Scoring | undefined {
  const next = scoringOf(task);
  if (!next || scoring?.update?.state !== 'BLOCKED') return next;
  return scoring.active.name === next.active.name ? { ...next, update: scoring.update } : next;
}

function neverRan(task: Pick<Task, 'createdAt' | 'spec' | 'scoring'>): TaskStatus {
  const scoring = scoringOf(task);
  return {
    state: 'CREATED',
    reason: 'NEVER_RAN',
    message: 'It was not started yet.',
    stateAt: task.createdAt,
    processIsAlive: false,
    lastError: '',
    counters: noCounters,
    lag: 0,
    percentComplete: 0,
    recordsPerSecond: 0,
    partitions: [],
    processId: 0,
    memoryBytes: 0,
    restartCount: 0,
    conditions: [],
    modelSha256: '',
    ...(scoring ? { scoring } : {}),
  };
}
