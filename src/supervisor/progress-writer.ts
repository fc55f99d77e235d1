import type { Execution, Progress } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import type { Clock, Store } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import { isFinal } from '../domain/state.js';
import type { Log } from '../telemetry/log.js';

export interface ProgressWriterOptions {
  readonly store: Pick<Store, 'write'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
}

/** Writes how far executions are, now and then. */
export class ProgressWriter {
  readonly #store: Pick<Store, 'write'>;
  readonly #clock: Clock;
  readonly #log: Pick<Log, 'error'>;
  /** What was last written, by task. */
  readonly #written = new Map<number, Progress>();
  #at = 0;

  constructor({ store, clock, log }: ProgressWriterOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  get isDue(): boolean {
    return this.#clock.now() - this.#at >= limits.progressWriteMs;
  }

  /** Where a bounded execution ends must outlive this process from the moment that it is known. */
  isFirst({ taskId, state, progress }: Execution): boolean {
    return progress.partitions.length > 0 && !this.#written.has(taskId) && !isFinal(state);
  }

  forget(taskId: number): void {
    this.#written.delete(taskId);
  }

  /** Writes what moved since. What the store refuses is brought again by the next heartbeat, and Kafka knows it too. */
  async write(runs: Iterable<Run>): Promise<void> {
    const changed = [...runs]
      .map(({ execution }) => execution)
      .filter((execution) => this.#written.get(execution.taskId) !== execution.progress);
    this.#at = this.#clock.now();
    if (changed.length === 0) return;
    try {
      await this.#store.write((writes) => writes.updateProgress(changed));
    } catch (error) {
      this.#log.error({ err: error }, 'progress was not written');
      return;
    }
    for (const { taskId, progress } of changed) this.#written.set(taskId, progress);
  }
}
