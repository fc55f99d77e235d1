import { durationMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Task, TaskStatus } from '../../../gen/ts/predictd/v1/task_pb.js';
import { lagOf } from './lag.js';

/** What this tab has seen of a task over time: columns of equal length, of which the first is seconds since 1970. */
export interface Samples {
  readonly time: number[];
  readonly rate: (number | null)[];
  readonly lag: (number | null)[];
  /** Age in seconds of the oldest record that is not predicted. */
  readonly behind: (number | null)[];
  readonly p50: (number | null)[];
  readonly p95: (number | null)[];
  readonly p99: (number | null)[];
  readonly memory: (number | null)[];
}

/** Fifteen minutes at the least distance. */
const samplesMax = 450;
const distanceS = 2;

const all = new Map<string, Samples>();

/** What was seen of the task; empty columns if nothing was. */
export function samplesOf(task: string): Samples {
  let mine = all.get(task);
  if (!mine) {
    mine = { time: [], rate: [], lag: [], behind: [], p50: [], p95: [], p99: [], memory: [] };
    all.set(task, mine);
  }
  return mine;
}

/** Notes how the task is now. */
export function sample({ name, status }: Task): void {
  const mine = samplesOf(name);
  const now = Date.now() / 1_000;
  const last = mine.time.at(-1) ?? 0;
  if (!status || now - last < distanceS) return;
  const alive = status.processIsAlive;
  const lag = lagOf(status);
  const { p50, p95, p99 } = status.batchLatency ?? {};
  mine.time.push(now);
  mine.rate.push(alive ? status.recordsPerSecond : null);
  mine.lag.push(lag === undefined ? null : Number(lag));
  mine.behind.push(alive ? secondsBehind(status, now) : null);
  mine.p50.push(p50 ? durationMs(p50) : null);
  mine.p95.push(p95 ? durationMs(p95) : null);
  mine.p99.push(p99 ? durationMs(p99) : null);
  mine.memory.push(alive ? Number(status.memoryBytes) : null);
  if (mine.time.length > samplesMax) for (const column of Object.values(mine)) column.shift();
}

/** Records of another clock, or with times of their own, may seem to come from the future. */
function secondsBehind(status: TaskStatus, now: number): number | null {
  if (lagOf(status) === 0n) return 0;
  const times = status.partitions.flatMap(({ oldestRecordTime: time }) =>
    time ? [timestampMs(time)] : [],
  );
  return times.length === 0 ? null : Math.max(0, now - Math.min(...times) / 1_000);
}

/** Forgets one task, or all. */
export function forgetSamples(task?: string): void {
  if (task === undefined) all.clear();
  else all.delete(task);
}
