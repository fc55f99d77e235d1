import { randomUUID } from 'node:crypto';
import { DomainError } from '../../src/domain/errors.js';
import type { EventDraft } from '../../src/domain/event.js';
import { type Execution, type Live, noProgress } from '../../src/domain/execution.js';
import type {
  ChangeFeed,
  Clock,
  ModelsRequest,
  Observation,
  SequencePart,
  StartRequest,
  StopRequest,
  Store,
  Supervisor,
} from '../../src/domain/ports.js';
import { isFinal, type State } from '../../src/domain/state.js';
import type { Task } from '../../src/domain/task.js';
import { assertWishable, changeAtRest } from '../../src/supervisor/change-models.js';

/** A supervisor without runner processes: executions run as long as a test says. */
export class TaskRuns implements Supervisor {
  readonly #store: Store;
  readonly #feed: ChangeFeed;
  readonly #clock: Clock;
  readonly #running = new Map<number, Observation>();
  /** Executions at once. */
  tasksMax = 4;
  /** A stop waits for this. */
  beforeStop: Promise<void> = Promise.resolve();

  constructor({ store, feed, clock }: { store: Store; feed: ChangeFeed; clock: Clock }) {
    this.#store = store;
    this.#feed = feed;
    this.#clock = clock;
  }

  async start(task: Task, request: StartRequest): Promise<Execution> {
    const { execution, event } = await this.#store.write(async (writes) => {
      const before = await writes.newestExecution(task.id);
      if (before && !isFinal(before.state)) throw new DomainError('TASK_ALREADY_STARTED');
      const active = (await writes.activeExecutions()).length;
      if (active >= this.tasksMax && request.whenFull === 'REFUSE') {
        throw new DomainError('TASKS_MAX_REACHED');
      }
      const now = this.#clock.now();
      const made: Execution = {
        id: await writes.nextId(),
        uid: randomUUID(),
        taskId: task.id,
        number: (before?.number ?? 0) + 1,
        state: active < this.tasksMax ? 'RUNNING' : 'QUEUED',
        reason: 'RUNNING',
        message: 'It predicts.',
        stateAt: now,
        epoch: 1,
        generation: task.generation,
        spec: task.spec,
        actor: request.actor,
        createdAt: now,
        startedAt: now,
        lastError: '',
        restartCount: 0,
        restartsInRow: 0,
        progress: noProgress,
      };
      await writes.insertExecution(made);
      const fresh = (await writes.taskById(task.id)) ?? task;
      await writes.updateTask({ ...fresh, desired: 'STARTED', updatedAt: now });
      if (request.answer) {
        await writes.rememberAnswer({ ...request.answer, resourceId: made.id, at: now });
      }
      const draft = { ...this.draft(task, 'STARTED', request.actor), executionNumber: made.number };
      return { execution: made, event: await writes.appendEvent(draft) };
    });
    if (execution.state === 'RUNNING') {
      this.#running.set(task.id, { execution, live: this.liveNow(), processIsAlive: true });
    }
    this.#feed.publish({ type: 'event', event });
    return execution;
  }

  async startSequence(
    parts: readonly SequencePart[],
    actor: string,
  ): Promise<readonly Execution[]> {
    const made: Execution[] = [];
    for (const { task, spec } of parts) {
      made.push(await this.start({ ...task, spec }, { actor, whenFull: 'QUEUE' }));
    }
    return made;
  }

  async stop(task: Task, request: StopRequest): Promise<void> {
    await this.beforeStop;
    const newest = await this.#store.newestExecution(task.id);
    if (request.execution !== undefined && request.execution !== newest?.number) return;
    await this.end(task, 'CANCELLED', request.actor);
  }

  /** Ends the execution of a task, if one runs. */
  async end(task: Task, state: State, actor: string): Promise<void> {
    const event = await this.#store.write(async (writes) => {
      const execution = await writes.newestExecution(task.id);
      const fresh = await writes.taskById(task.id);
      if (fresh) await writes.updateTask({ ...fresh, desired: 'STOPPED' });
      if (!execution || isFinal(execution.state)) return undefined;
      const endedAt = this.#clock.now();
      await writes.updateExecution({ ...execution, state, stateAt: endedAt, endedAt });
      const ended = this.draft(task, 'ENDED', actor);
      const { number: executionNumber } = execution;
      return writes.appendEvent({ ...ended, executionNumber, toState: state });
    });
    this.#running.delete(task.id);
    if (event) this.#feed.publish({ type: 'event', event });
  }

  async remove(task: Task, request: StopRequest): Promise<void> {
    await this.stop(task, request);
    const event = await this.#store.write(async (writes) => {
      const deleted = await writes.appendEvent(this.draft(task, 'DELETED', request.actor));
      await writes.deleteTask(task.id);
      return deleted;
    });
    this.#feed.publish({ type: 'event', event });
  }

  async changeModels(task: Task, request: ModelsRequest): Promise<void> {
    const event = await this.#store.write(async (writes) => {
      const fresh = await assertWishable(writes, task.id, request);
      const now = this.#clock.now();
      const { answer } = request;
      if (answer) await writes.rememberAnswer({ ...answer, resourceId: task.id, at: now });
      return await changeAtRest(writes, fresh, { ...request, now });
    });
    if (event) this.#feed.publish({ type: 'event', event });
  }

  async observe(taskId: number): Promise<Observation> {
    const execution = await this.#store.newestExecution(taskId);
    if (!execution) return { processIsAlive: false };
    return { processIsAlive: false, ...this.#running.get(taskId), execution };
  }

  observeRun(taskId: number): Observation | undefined {
    return this.#running.get(taskId);
  }

  observeActive(): ReadonlyMap<number, Observation> {
    return new Map(this.#running);
  }

  liveNow(): Live {
    const now = this.#clock.now();
    return {
      epoch: 1,
      processId: 4_711,
      heartbeatAt: now,
      loopAt: now,
      progressAt: now,
      memoryBytes: 1,
      recordsPerSecond: 10,
      modelSha256: 'ab',
      conditions: [],
    };
  }

  /** An event of a task, as the supervisor writes them. */
  draft(task: Task, reason: string, actor = 'supervisor'): EventDraft {
    return {
      taskId: task.id,
      at: this.#clock.now(),
      actor,
      reason,
      message: 'It happened.',
      severity: 'INFO',
      epoch: 1,
    };
  }
}
