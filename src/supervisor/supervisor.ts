import type { Event } from '../domain/event.js';
import type { Execution } from '../domain/execution.js';
import type { ExecutionLogs } from '../domain/execution-log.js';
import { admissible, freePlaces } from '../domain/fleet.js';
import type {
  ChangeFeed,
  Clock,
  ModelFiles,
  ModelsRequest,
  Observation,
  SequencePart,
  StartRequest,
  StopRequest,
  Store,
  Supervisor,
  Writes,
} from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import { isFinal } from '../domain/state.js';
import { step } from '../domain/step.js';
import type { Context, Effect, Input, Step } from '../domain/step-input.js';
import type { Task } from '../domain/task.js';
import type { FromRunner } from '../runner/messages.js';
import type { Log } from '../telemetry/log.js';
import { Absence } from './absence.js';
import { assertStartable } from './assert-startable.js';
import { assertWishable, changeAtRest, concerns, findModelFile } from './change-models.js';
import { Heartbeats } from './heartbeats.js';
import { inputOf } from './input-of.js';
import { allTakenUp, type CommittedProgress, type Exited, withLastWord } from './last-word.js';
import { Mailbox } from './mailbox.js';
import { insertExecutions, type StartPlace } from './new-execution.js';
import { observationOf, observationsOf } from './observation.js';
import { ProgressWriter } from './progress-writer.js';
import { placeOf, RunLog } from './run-log.js';
import type { RunnerProcess } from './runner-process.js';
import { Runners, type RunnersOptions } from './runners.js';
import { turnsTaken } from './sequence-turns.js';
import { createStartMessage, type RunnerSettings, spawnFailureOf } from './start-message.js';
import { Waiters } from './waiters.js';
import { deleteTask, wish, writeStep } from './write-step.js';

export interface SupervisorOptions {
  readonly store: Store;
  readonly modelFiles: Pick<ModelFiles, 'path'>;
  readonly logs: Pick<ExecutionLogs, 'append'>;
  readonly feed: ChangeFeed;
  readonly clock: Clock;
  readonly log: Log;
  /** Executions that may have a runner at once. */
  readonly tasksMax: number;
  readonly runner: RunnerSettings;
  readonly watch?: RunnersOptions['watch'];
  /** Absent: what a runner said last is all that is known of it. */
  readonly committed?: CommittedProgress;
}

/** How often deadlines, backoff and the queue are looked at. */
const tickMs = 250;
/** After a store that refused a fact, it is told the fact again after so long. */
const factRetryMs = 1_000;

/**
 * Runs executions: one at a time it takes an input, decides by the pure step, writes the outcome, and then acts. Memory
 * holds only executions that have not ended.
 */
export class TaskSupervisor implements Supervisor {
  readonly #options: SupervisorOptions;
  readonly #context: Context;
  readonly #mailbox = new Mailbox();
  readonly #runs = new Map<number, Run>();
  readonly #tasks = new Map<number, Task>();
  readonly #removing = new Set<number>();
  readonly #endWaiters = new Waiters();
  readonly #runLog: RunLog;
  readonly #runners: Runners;
  readonly #heartbeats = new Heartbeats();
  readonly #progress: ProgressWriter;
  readonly #absence = new Absence();
  #ticking = false;
  #ticker: NodeJS.Timeout | undefined;
  #draining = false;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    const { clock, logs } = options;
    this.#runLog = new RunLog(logs, clock);
    this.#progress = new ProgressWriter(options);
    this.#runners = new Runners({
      ...options,
      runLog: this.#runLog,
      heard: (taskId, message) => this.#hear(taskId, message),
      exited: (taskId, epoch, exit) => void this.#exited(taskId, { type: 'exited', epoch, exit }),
    });
    this.#context = {
      get now() {
        return clock.now();
      },
      random: Math.random,
    };
  }

  /** Takes up what should run. Resolves when it is decided, not when the runners are ready. */
  static async open(options: SupervisorOptions): Promise<TaskSupervisor> {
    const supervisor = new TaskSupervisor(options);
    await supervisor.#mailbox.run(() => supervisor.#recover());
    supervisor.#ticker = setInterval(() => supervisor.#tick(), tickMs);
    return supervisor;
  }

  async start(task: Task, request: StartRequest): Promise<Execution> {
    const [execution] = await this.#start([{ task, spec: undefined }], request);
    if (!execution) throw new Error(`the start of task ${task.id} made no execution`);
    return execution;
  }

  startSequence(parts: readonly SequencePart[], actor: string): Promise<readonly Execution[]> {
    return this.#start(parts, { actor, whenFull: 'QUEUE' });
  }

  #start(places: readonly StartPlace[], request: StartRequest): Promise<readonly Execution[]> {
    return this.#mailbox.run(async () => {
      for (const { task } of places) this.#assertStartable(task, request);
      const { store, tasksMax } = this.#options;
      const free = freePlaces(this.#runs.values(), tasksMax) > 0;
      const made = await store.write((writes) =>
        insertExecutions(writes, places, { request, now: this.#now, free }),
      );
      for (const { task, execution, event } of made) {
        this.#runs.set(task.id, { execution });
        this.#tasks.set(task.id, task);
        this.#tell(event, execution);
      }
      await this.#admitQueuedOrLater();
      return made.map(({ task, execution }) => this.#runs.get(task.id)?.execution ?? execution);
    });
  }

  async stop(task: Task, request: StopRequest): Promise<void> {
    const ended = await this.#mailbox.run(async () => {
      const run = this.#runs.get(task.id);
      const { execution, ...wanted } = request;
      if (execution !== undefined && run?.execution.number !== execution) return async () => {};
      const decided = run ? step(run, { type: 'stop', ...wanted }, this.#context) : undefined;
      const waiter = this.#whenEnded(task.id);
      await this.#commit(decided ? [decided] : [], (writes) => wish(writes, task.id, this.#now));
      return waiter;
    });
    await ended();
  }

  async remove(task: Task, request: StopRequest): Promise<void> {
    this.#removing.add(task.id);
    try {
      await this.stop(task, request);
      const told = { taskId: task.id, at: this.#now, actor: request.actor };
      const event = await this.#mailbox.run(() =>
        this.#options.store.write((writes) => deleteTask(writes, told)),
      );
      this.#options.feed.publish({ type: 'event', event });
    } finally {
      this.#removing.delete(task.id);
    }
  }

  async changeModels(task: Task, request: ModelsRequest): Promise<void> {
    await this.#mailbox.run(async () => {
      const run = this.#runs.get(task.id);
      const { wish, actor } = request;
      const decided = concerns(run)
        ? step(run, { type: 'wish', wish, actor }, this.#context)
        : undefined;
      let event: Event | undefined;
      await this.#commit(decided ? [decided] : [], async (writes) => {
        const fresh = await assertWishable(writes, task.id, request);
        const now = this.#now;
        if (!decided) event = await changeAtRest(writes, fresh, { wish, actor, now });
        const { answer } = request;
        if (answer) await writes.rememberAnswer({ ...answer, resourceId: task.id, at: now });
      });
      if (event) this.#options.feed.publish({ type: 'event', event });
    });
  }

  async observe(taskId: number): Promise<Observation> {
    const observed = this.observeRun(taskId);
    if (observed) return observed;
    const execution = await this.#options.store.newestExecution(taskId);
    return { processIsAlive: false, ...(execution ? { execution } : {}) };
  }

  observeRun(taskId: number): Observation | undefined {
    const run = this.#runs.get(taskId);
    return run && observationOf(this.#heartbeats.seenIn(run), this.#now);
  }

  observeActive(): ReadonlyMap<number, Observation> {
    return observationsOf(this.#runs.values(), this.#heartbeats, this.#now);
  }

  /** Lets every runner finish its micro-batch. What should run goes on when the service is back. */
  async drain(): Promise<void> {
    this.#draining = true;
    await this.#mailbox.run(() => this.#stepAll({ type: 'drain' }));
    await this.#runners.allGone();
    clearInterval(this.#ticker);
    await this.#mailbox.run(() => this.#progress.write(this.#runs.values()));
  }

  get #now(): number {
    return this.#context.now;
  }

  #assertStartable(task: Task, request: StartRequest): void {
    assertStartable(task, request, {
      runs: this.#runs,
      removing: this.#removing,
      isDraining: this.#draining,
      tasksMax: this.#options.tasksMax,
    });
  }

  /** Gives free places to queued executions, in the order in which they were asked for. */
  async #admitQueued(): Promise<void> {
    if (this.#draining) return;
    const turns = await turnsTaken([...this.#runs.values()], this.#options.store, this.#context);
    if (turns.length > 0) await this.#commit(turns);
    const queued = admissible(this.#runs.values(), this.#options.tasksMax);
    await this.#commit(queued.map((run) => step(run, { type: 'admit' }, this.#context)));
  }

  async #recover(): Promise<void> {
    const { store, committed } = this.#options;
    for (const { task, execution } of await allTakenUp(store, committed)) {
      this.#runs.set(task.id, { execution });
      this.#tasks.set(task.id, task);
    }
    await this.#stepAll({ type: 'recover' });
    await this.#admitQueued();
  }

  async #stepAll(input: Input): Promise<void> {
    // A service that ends starts nothing: it would only be told, and not be done.
    const runs = [...this.#runs.values()].filter(({ runner }) => runner || !this.#draining);
    const seen = runs.map((run) => this.#heartbeats.seenIn(run));
    await this.#commit(seen.map((run) => step(run, input, this.#context)));
  }

  /** The same for who must not fail by it: what the store refuses now is tried again by the next tick. */
  async #admitQueuedOrLater(): Promise<void> {
    const { log } = this.#options;
    await this.#admitQueued().catch((err: unknown) =>
      log.error({ err }, 'no place was given away'),
    );
  }

  /**
   * Something that happened to a runner. It is told again until the store has taken it, and never after: a heartbeat not even
   * that, since the next one says more.
   */
  #fact(taskId: number, input: Input): void {
    const told = this.#mailbox.run(async () => {
      const run = this.#runs.get(taskId);
      if (!run) return;
      const decided = step(run, input, this.#context);
      await this.#commit([decided]);
      if (decided.events.length > 0) await this.#admitQueuedOrLater();
      if (this.#progress.isFirst(decided.run.execution))
        await this.#progress.write(this.#runs.values());
    });
    told.catch((error: unknown) => {
      const fields = { err: error, input: input.type, ...placeOf(this.#tasks.get(taskId)) };
      this.#options.log.error(fields, 'a fact was not written');
      if (this.#draining || input.type === 'heartbeat') return;
      setTimeout(() => this.#fact(taskId, input), factRetryMs);
    });
  }

  #tick(): void {
    const isDeaf = this.#absence.isRecent(this.#now);
    // The store may take longer than a tick: nothing is won by two that wait for it.
    if (this.#ticking) return;
    this.#ticking = true;
    const ticked = this.#mailbox.run(async () => {
      if (!isDeaf) await this.#stepAll({ type: 'tick' });
      await this.#admitQueued();
      if (this.#progress.isDue) await this.#progress.write(this.#runs.values());
    });
    ticked
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'a tick failed'))
      .finally(() => {
        this.#ticking = false;
      });
  }

  /** Writes the outcomes in one transaction, then shows them, then acts. Throws before anything is shown. */
  async #commit(steps: readonly Step[], also?: (writes: Writes) => Promise<void>): Promise<void> {
    const durable = steps.filter(({ events }) => events.length > 0);
    const told: [Event, Execution][] = [];
    if (durable.length > 0 || also) {
      await this.#options.store.write(async (writes) => {
        told.length = 0;
        for (const decided of durable) {
          const events = await writeStep(writes, decided, this.#now);
          told.push(...events.map((event): [Event, Execution] => [event, decided.run.execution]));
        }
        await also?.(writes);
      });
    }
    for (const { run } of steps) this.#show(run);
    for (const [event, execution] of told) this.#tell(event, execution);
    for (const { run, effects } of steps) for (const effect of effects) this.#act(run, effect);
  }

  /** Tells of an event after it is on disk: in the execution's log first, so that who hears of the end has all of it. */
  #tell(event: Event, execution: Execution): void {
    this.#runLog.happened(execution, event);
    this.#options.feed.publish({ type: 'event', event });
  }

  #show(run: Run): void {
    const { execution } = run;
    if (!isFinal(execution.state)) {
      this.#runs.set(execution.taskId, run);
      return;
    }
    this.#runs.delete(execution.taskId);
    this.#tasks.delete(execution.taskId);
    this.#progress.forget(execution.taskId);
    this.#heartbeats.forget(execution.taskId);
    this.#endWaiters.release(execution.taskId);
  }

  #act(run: Run, effect: Effect): void {
    const { taskId } = run.execution;
    if (effect.type === 'spawn') this.#spawn(run, effect.epoch);
    else if (effect.type === 'load-model') this.#loadModel(taskId, effect);
    else this.#runners.act(taskId, effect);
  }

  #loadModel(taskId: number, { epoch, model, use }: Effect & { type: 'load-model' }): void {
    const task = this.#tasks.get(taskId);
    if (!task) return;
    const { sha256 } = model;
    void findModelFile(model, task, this.#options).then((found) => {
      if ('path' in found) this.#runners.of(taskId)?.loadModel(found, use);
      else this.#fact(taskId, { type: 'model-refused', epoch, sha256, cause: found });
    });
  }

  #spawn({ execution }: Run, epoch: number): void {
    const { taskId } = execution;
    const task = this.#tasks.get(taskId);
    if (!task) return;
    const { store, modelFiles, runner } = this.#options;
    const message = createStartMessage({ store, modelFiles, runner, task, execution, epoch });
    const forked = message.then((start) => {
      // Nobody would wait for its end; the execution goes on when the service is back.
      if (this.#draining) return;
      const process = this.#runners.fork(start, { task, execution, epoch });
      this.#fact(taskId, { type: 'spawned', epoch, processId: process.processId });
      this.#catchUp(taskId, process);
    });
    forked.catch((error: unknown) => {
      this.#fact(taskId, { type: 'spawn-failed', epoch, cause: spawnFailureOf(error) });
    });
  }

  /** A stop or kill that was decided before the process was there. */
  #catchUp(taskId: number, process: RunnerProcess): void {
    const runner = this.#runs.get(taskId)?.runner;
    if (runner?.killed) process.kill();
    else if (runner?.stopDeadline !== undefined) process.stop();
  }

  #hear(taskId: number, message: FromRunner): void {
    const input = inputOf(message);
    if (input.type === 'heartbeat') this.#heartbeats.hear(taskId, { ...input, at: this.#now });
    this.#fact(taskId, input);
    this.#options.watch?.hear(taskId, message);
    const user = input.type === 'heartbeat' ? this.#tasks.get(taskId)?.user : undefined;
    if (user !== undefined) this.#options.feed.publish({ type: 'progress', taskId, user });
  }

  async #exited(taskId: number, exited: Exited): Promise<void> {
    const run = await this.#mailbox.run(async () => this.#runs.get(taskId));
    const { committed } = this.#options;
    const sources = { task: this.#tasks.get(taskId), context: this.#context, committed };
    const told = this.#draining ? exited : await withLastWord(run, exited, sources);
    // While it drains the rows stay as they are: the service takes the executions up again when it is back.
    if (!this.#draining) this.#fact(taskId, told);
  }

  /** Call the answer to wait until the task has no execution that has not ended. */
  #whenEnded(taskId: number): () => Promise<void> {
    const ended = this.#runs.has(taskId) ? this.#endWaiters.wait(taskId) : Promise.resolve();
    return () => ended;
  }
}
