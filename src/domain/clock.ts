import { performance } from 'node:perf_hooks';
import type { Clock } from './ports.js';

/** The time of day when the process began, carried on by a clock that never jumps: leases must not. */
export const systemClock: Clock = {
  now: () => Math.round(performance.timeOrigin + performance.now()),
};
