import type { Live } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import type { Observation } from '../domain/ports.js';
import type { Run, Runner } from '../domain/run.js';
import type { Heartbeats } from './heartbeats.js';

/**
 * What is known of an execution now. Alive are three things at once: the process is there, it answered within its lease,
 * and its data loop turned since.
 */
export function observationOf({ execution, runner }: Run, now: number): Observation {
  if (!runner || runner.processId === 0) return { execution, processIsAlive: false };
  const live = liveOf(runner);
  const answers = now - live.heartbeatAt < limits.leaseMs;
  const turns = !runner.ready || now - live.loopAt < limits.loopMs;
  return { execution, live, processIsAlive: answers && turns };
}

/** What is known of each of these now, by task. */
export function observationsOf(
  runs: Iterable<Run>,
  heartbeats: Heartbeats,
  now: number,
): Map<number, Observation> {
  const observations = new Map<number, Observation>();
  for (const run of runs) {
    observations.set(run.execution.taskId, observationOf(heartbeats.seenIn(run), now));
  }
  return observations;
}

function liveOf(runner: Runner): Live {
  const { report } = runner;
  return {
    epoch: runner.epoch,
    processId: runner.processId,
    heartbeatAt: runner.heartbeatAt,
    loopAt: runner.heartbeatAt - (report?.loopAgeMs ?? 0),
    progressAt: runner.heartbeatAt - (report?.progressAgeMs ?? 0),
    memoryBytes: report?.memoryBytes ?? 0,
    recordsPerSecond: report?.recordsPerSecond ?? 0,
    modelSha256: report?.modelSha256 ?? '',
    conditions: runner.conditions,
    ...(report?.shadow ? { shadow: report.shadow } : {}),
    ...(report?.latencyMs ? { latencyMs: report.latencyMs } : {}),
  };
}
