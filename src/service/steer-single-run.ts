import type { SpecDraft } from '../domain/draft.js';
import { DomainError } from '../domain/errors.js';
import type { Event } from '../domain/event.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { actorOf, taskNotFound } from './access.js';
import type { Room } from './deps.js';
import {
  abandoned,
  factsOf,
  findSingleRun,
  type RunKey,
  type SingleRun,
  viewSingleRun,
} from './single-run.js';
import { startTask } from './start-task.js';
import { stopTask } from './stop-task.js';
import { updateTask } from './update-task.js';

export interface StartSingleRunRequest extends RunKey {
  /** QUEUE by default. */
  readonly whenFull?: string | undefined;
}

/** Starts a task that runs once. */
export function startSingleRun(room: Room) {
  const start = startTask(room);
  return async (caller: Caller, request: StartSingleRunRequest): Promise<SingleRun> =>
    beforeStart(room, { caller, key: request }, async (task) => {
      const { whenFull } = request;
      await start(caller, { name: taskResourceName(task), ...(whenFull ? { whenFull } : {}) });
    });
}

export interface ConfigureSingleRunRequest extends RunKey {
  /** What is said replaces what the target said. */
  readonly spec: SpecDraft;
}

/** Changes what a task that runs once will do, as long as it was not started. */
export function configureSingleRun(room: Room) {
  const update = updateTask(room);
  return async (caller: Caller, request: ConfigureSingleRunRequest): Promise<SingleRun> =>
    beforeStart(room, { caller, key: request }, async (task) => {
      await update(caller, { name: taskResourceName(task), task: { spec: request.spec } });
    });
}

export interface AbortSingleRunRequest extends RunKey {
  /** Ends the runner at once. */
  readonly force?: boolean;
  /** When aborted, the call answers STOP_PENDING and the stop goes on. */
  readonly signal?: AbortSignal;
}

/** Ends the run of a task and answers when it has ended; one that was not started is given up for good. */
export function abortSingleRun(room: Room) {
  const stop = stopTask(room);
  return async (caller: Caller, request: AbortSingleRunRequest): Promise<SingleRun> => {
    const found = await findSingleRun(room.store, caller, request);
    const { isStarted } = await assertGoesOn(room, found);
    if (isStarted || !(await abandon(room, caller, found))) {
      const { force = false, signal } = request;
      const name = taskResourceName(found);
      await stop(caller, { name, force, ...(signal ? { signal } : {}) });
    }
    return viewSingleRun(room, await findSingleRun(room.store, caller, request));
  };
}

/** RUN_ENDED if the task accepts no more commands. */
export async function assertGoesOn(room: Room, task: Task) {
  const facts = await factsOf(room.store, task);
  if (!facts.isOver) return facts;
  throw new DomainError('RUN_ENDED', { metadata: { resource: taskResourceName(task) } });
}

/** Does `work` on a task that was not started, while nobody else starts it or gives it up. */
export async function beforeStart(
  room: Room,
  { caller, key }: { readonly caller: Caller; readonly key: RunKey },
  work: (task: Task) => Promise<void>,
): Promise<SingleRun> {
  const { id } = await findSingleRun(room.store, caller, key);
  return room.exclusive(`task ${id}`, async () => {
    const task = await findSingleRun(room.store, caller, key);
    const { isStarted } = await assertGoesOn(room, task);
    if (isStarted) {
      throw new DomainError('TASK_ALREADY_STARTED', {
        message: 'The task was started already, and runs only once.',
        metadata: { task: task.name },
      });
    }
    await work(task);
    return viewSingleRun(room, await findSingleRun(room.store, caller, key));
  });
}

/** False if somebody started it meanwhile. */
async function abandon(room: Room, caller: Caller, { id, user, name }: Task): Promise<boolean> {
  const event = await room.exclusive(`task ${id}`, () =>
    room.store.write(async (writes): Promise<Event | undefined> => {
      const task = await writes.taskById(id);
      if (!task) throw taskNotFound({ user, name });
      const { isStarted, isOver } = await factsOf(writes, task);
      if (isStarted || isOver) return undefined;
      const now = room.clock.now();
      await writes.updateTask(abandoned(task, now));
      return writes.appendEvent({
        taskId: id,
        at: now,
        actor: actorOf(caller),
        reason: 'ABANDONED',
        message: 'It was given up before it was started.',
        severity: 'INFO',
        epoch: 0,
      });
    }),
  );
  if (event) room.feed.publish({ type: 'event', event });
  return event !== undefined;
}
