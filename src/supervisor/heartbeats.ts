import { type Run, withProgress } from '../domain/run.js';
import type { RunnerReport } from '../domain/runner-report.js';

interface Heartbeat {
  readonly epoch: number;
  readonly at: number;
  readonly report: RunnerReport;
}

/**
 * The newest heartbeat of each task, as soon as it came. What is written waits for the store; a store that takes its time must
 * not make a runner look silent.
 */
export class Heartbeats {
  readonly #newest = new Map<number, Heartbeat>();

  hear(taskId: number, heartbeat: Heartbeat): void {
    this.#newest.set(taskId, heartbeat);
  }

  forget(taskId: number): void {
    this.#newest.delete(taskId);
  }

  /** The run, with its runner and its progress as they were last heard of. */
  seenIn(run: Run): Run {
    const { runner } = run;
    const heard = this.#newest.get(run.execution.taskId);
    if (!runner || heard?.epoch !== runner.epoch || heard.at <= runner.heartbeatAt) return run;
    const { at, report } = heard;
    const execution = withProgress(run, report);
    return { execution, runner: { ...runner, heartbeatAt: at, report } };
  }
}
