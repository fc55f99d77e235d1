import type { Counters, Execution } from './execution.js';
import type { Problem } from './health.js';
import { limits } from './limits.js';
import type { CounterSample, CounterWindow } from './run.js';

/**
 * Adds what was counted now. It keeps two samples a second at most, as far back as the window reaches and one before; counters
 * that went back begin a new window.
 */
export function extendWindow(
  window: CounterWindow,
  counters: Counters,
  now: number,
): CounterWindow {
  const sample: CounterSample = {
    at: now,
    recordsIn: counters.recordsIn,
    recordsBad: counters.recordsDeadLettered + counters.recordsSkipped,
  };
  const last = window.at(-1);
  if (last && (last.recordsIn > sample.recordsIn || last.recordsBad > sample.recordsBad)) {
    return [sample];
  }
  const before = window.at(-2);
  const isSoon = before !== undefined && now - before.at < limits.heartbeatMs;
  const kept = isSoon ? window.slice(0, -1) : window;
  const begin = kept.findLastIndex(({ at }) => now - at >= limits.badRecordsWindowMs);
  return [...kept.slice(Math.max(0, begin)), sample];
}

/**
 * Whether too many of the last minute's records could not be scored. It takes fewer bad records to stay so than to become so: an
 * execution at the limit does not change its state every second.
 */
export function deadLetteringOf(
  window: CounterWindow,
  { state, reason }: Pick<Execution, 'state' | 'reason'>,
): Problem | undefined {
  const first = window[0];
  const last = window.at(-1);
  if (!first || !last) return undefined;
  const bad = last.recordsBad - first.recordsBad;
  const all = last.recordsIn - first.recordsIn;
  const isSo = state === 'DEGRADED' && reason === deadLettering;
  const ease = isSo ? 2 : 1;
  const isMany = bad * ease >= limits.badRecordsLeast;
  if (!isMany || bad * ease <= all * limits.badRecordsShare) return undefined;
  const share = ((100 * bad) / Math.max(all, bad)).toFixed(1);
  const message =
    `${bad} of the ${Math.max(all, bad)} records of the last minute (${share} %) could not be scored: ` +
    'they were dead-lettered or skipped.';
  return { reason: deadLettering, message };
}

const deadLettering = 'DEAD_LETTERING';
