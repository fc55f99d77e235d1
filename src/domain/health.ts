import type { Condition, Execution } from './execution.js';
import { totalLag } from './execution.js';
import { limits } from './limits.js';
import type { Runner } from './run.js';
import type { RunnerReport } from './runner-report.js';

/** Something that is wrong, and why. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** What is wrong with a runner that is there, or undefined. */
export function problemOf(report: RunnerReport, lag: number): Problem | undefined {
  for (const condition of report.conditions) {
    const optional = condition.type === 'CaughtUp' || condition.type === 'Progressing';
    if (condition.status === 'FALSE' && !optional) return condition;
  }
  if (lag > 0 && report.progressAgeMs > limits.stallMs) {
    const seconds = Math.round(report.progressAgeMs / 1_000);
    return {
      reason: 'STALLED',
      message: `${lag} records wait, but none was done for ${seconds} s.`,
    };
  }
  return undefined;
}

/** Why a runner must be killed now, or undefined. */
export function overdueOf(execution: Execution, runner: Runner, now: number): Problem | undefined {
  if (runner.stopDeadline !== undefined) {
    if (now < runner.stopDeadline) return undefined;
    return { reason: 'STOP_TIMEOUT', message: 'It did not end in time and was killed.' };
  }
  const silentMs = now - runner.heartbeatAt;
  if (silentMs > 2 * limits.leaseMs && runner.processId !== 0) {
    const message = `The runner was silent for ${Math.round(silentMs / 1_000)} s and was killed.`;
    return { reason: 'LEASE_EXPIRED', message };
  }
  // A new runner would reach no more brokers or predictors than this one, which goes on trying.
  if (isCutOff(runner)) return undefined;
  if (execution.state === 'STARTING' && now - runner.startedAt > limits.startMs) {
    const message = `The runner was not ready after ${limits.startMs / 1_000} s and was killed.`;
    return { reason: 'START_TIMEOUT', message };
  }
  const { report } = runner;
  const lag = totalLag(execution.progress);
  if (report && lag > 0 && report.progressAgeMs > limits.stallRestartMs && runner.ready) {
    const message = 'Records wait, but none is done; the runner is replaced.';
    return { reason: 'STALLED', message };
  }
  return undefined;
}

const unreachable: ReadonlySet<string> = new Set(['KAFKA_UNREACHABLE', 'PREDICTOR_UNREACHABLE']);

function isCutOff({ report }: Runner): boolean {
  return report?.conditions.some(({ reason }) => unreachable.has(reason)) ?? false;
}

/** The reported conditions, each with the time since when it has its status. */
export function conditionsOf(
  report: RunnerReport,
  before: readonly Condition[],
  now: number,
): readonly Condition[] {
  return report.conditions.map((condition) => {
    const same = before.find(
      ({ type, status }) => type === condition.type && status === condition.status,
    );
    return { ...condition, since: same?.since ?? now };
  });
}
