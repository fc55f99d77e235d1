import type { Execution } from '../domain/execution.js';
import type { Effect, Exit } from '../domain/step-input.js';
import type { Task } from '../domain/task.js';
import type { FromRunner, StartMessage } from '../runner/messages.js';
import type { Log } from '../telemetry/log.js';
import type { RunnerWatch } from '../telemetry/runner-watch.js';
import { placeOf, type RunLog } from './run-log.js';
import { type RunnerEnvironment, type RunnerProcess, spawnRunner } from './runner-process.js';
import { Waiters } from './waiters.js';

/** What a runner is made for. */
export interface RunnerPlace {
  readonly task: Task;
  readonly execution: Execution;
  readonly epoch: number;
}

export interface RunnersOptions {
  readonly runner: RunnerEnvironment;
  readonly log: Log;
  readonly runLog: RunLog;
  readonly watch?: Pick<RunnerWatch, 'begin' | 'hear' | 'exited'> | undefined;
  /** Told what a runner says, in order, */
  readonly heard: (taskId: number, message: FromRunner) => void;
  /** and last that it is gone. */
  readonly exited: (taskId: number, epoch: number, exit: Exit) => void;
}

/** The processes that are there, at most one of each task. */
export class Runners {
  readonly #options: RunnersOptions;
  readonly #processes = new Map<number, RunnerProcess>();
  readonly #waiters = new Waiters();

  constructor(options: RunnersOptions) {
    this.#options = options;
  }

  of(taskId: number): RunnerProcess | undefined {
    return this.#processes.get(taskId);
  }

  /** Forks one and sends it its start. Throws what the system refuses at once, such as a process for want of memory. */
  fork(start: StartMessage, { task, execution, epoch }: RunnerPlace): RunnerProcess {
    const { runner, log, runLog, watch, heard, exited } = this.#options;
    const trace = watch?.begin(task, execution, epoch);
    const gone = (): void => {
      this.#processes.delete(task.id);
      watch?.exited(task.id);
      this.#waiters.release(task.id);
    };
    const events = {
      message: (message: FromRunner) => heard(task.id, message),
      exited: (exit: Exit) => {
        gone();
        exited(task.id, epoch, exit);
      },
      output: (text: string, stream: 'STDOUT' | 'STDERR') => {
        const line = runLog.printed(execution, { epoch, stream, text });
        log.warn({ ...placeOf(task, execution), epoch, line }, 'runner');
      },
    };
    try {
      const process = spawnRunner({ ...start, ...trace }, events, runner);
      this.#processes.set(task.id, process);
      return process;
    } catch (error) {
      gone();
      throw error;
    }
  }

  /** Tells a runner, or kills it; one that is gone needs neither. */
  act(taskId: number, effect: Exclude<Effect, { type: 'spawn' | 'load-model' }>): void {
    const process = this.of(taskId);
    if (effect.type === 'stop') process?.stop();
    else if (effect.type === 'kill') process?.kill();
    else if (effect.type === 'use-model') process?.useModel(effect.sha256);
    else process?.dropModel(effect.sha256);
  }

  /** Resolves when all that are there now are gone. */
  async allGone(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((taskId) => this.#waiters.wait(taskId)));
  }
}
