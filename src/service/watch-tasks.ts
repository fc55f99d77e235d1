import { DomainError } from '../domain/errors.js';
import type { Event } from '../domain/event.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import { parseTaskName, parseUserScope, type TaskName } from '../domain/names.js';
import type { TaskWithNewest } from '../domain/ports.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { assertCredentialsStay, findTask, maySee, resolveUser, taskNotFound } from './access.js';
import type { Room } from './deps.js';
import { usersOf } from './list-tasks.js';
import { assertStillUser } from './open-calls.js';
import { SharedReads } from './shared-reads.js';
import { type TaskView, viewStored, viewTask } from './views.js';
import { WatchInbox, type WatchScope } from './watch-inbox.js';
import type { Watchers } from './watchers.js';

export interface WatchTasksRequest {
  /** `users/{user}` or `users/-`; empty if `name` is given. */
  readonly parent?: string;
  /** One task. */
  readonly name?: string;
  /** The newest sequence that the caller has seen; 0: begin with a snapshot. */
  readonly afterSequence?: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/** One message of a watch. The newest sequence can be given back to go on after it. */
export type WatchMessage = { readonly sequence: number } & (
  | { readonly type: 'snapshot'; readonly view: TaskView }
  | { readonly type: 'snapshot-end' }
  /** Without an event only progress moved; without a view the task was deleted since. */
  | { readonly type: 'change'; readonly view?: TaskView; readonly event?: Event }
  | { readonly type: 'deleted'; readonly name: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'resync' }
);

export interface WatchTiming {
  readonly heartbeatMs: number;
  /** Progress of one task is shown at most this often. */
  readonly progressMs: number;
  /** Changes that a slow reader may be behind before it gets a snapshot instead. */
  readonly queueMax: number;
}

const defaults: WatchTiming = {
  heartbeatMs: limits.watchHeartbeatMs,
  progressMs: limits.watchProgressMs,
  queueMax: limits.watcherQueueMax,
};

/**
 * Streams tasks as they are and then every change. A watch is a position in the durable history: what it has not shown
 * yet is read from the store, so that nothing is missed, doubled or kept in memory for a slow reader.
 */
export function watchTasks(room: Room, watchers: Watchers, timing: WatchTiming = defaults) {
  const reads = new SharedReads(room);
  return async function* (
    caller: Caller,
    request: WatchTasksRequest,
  ): AsyncGenerator<WatchMessage> {
    const target = read(request);
    const place = watchers.open(caller.name);
    // That the caller has left, and that the caller's credentials have ended.
    const ends = [request.signal, place.signal];
    let inbox: WatchInbox | undefined;
    try {
      await assertCredentialsStay(room.store, caller);
      const scope = await scopeOf(room, caller, { ...target, ends });
      inbox = new WatchInbox(room.feed, scope, { progressMs: timing.progressMs, ends });
      const watch: Watch = { room, reads, scope, inbox, timing, targetIsGone: false };
      const cursor = yield* begin(watch, target.after);
      if (!hasEnded(watch)) yield* follow(watch, cursor);
    } finally {
      inbox?.close();
      place.close();
    }
    assertStillUser(place);
  };
}

interface Watch {
  readonly room: Room;
  readonly reads: SharedReads;
  readonly scope: WatchScope;
  readonly inbox: WatchInbox;
  readonly timing: WatchTiming;
  /** The one task that is watched was shown to be deleted. */
  targetIsGone: boolean;
}

interface Target {
  readonly parent: string;
  readonly name: string;
  readonly after: number;
}

function read({ parent = '', name = '', afterSequence: after = 0 }: WatchTasksRequest): Target {
  const faults = new Faults();
  if (parent === '' && name === '') {
    faults.add('parent', 'REQUIRED', 'Give parent (all tasks of a user) or name (one task).');
  } else if (parent !== '' && name !== '') {
    faults.add('name', 'CONFLICT', 'Give either parent or name.');
  }
  if (parent !== '') faults.try(() => parseUserScope(parent, 'parent'));
  if (name !== '') faults.try(() => parseTaskName(name, 'name'));
  if (!Number.isSafeInteger(after) || after < 0) {
    faults.add('after_sequence', 'OUT_OF_RANGE', 'Give a sequence that was seen, or 0.');
  }
  faults.throwIfAny();
  return { parent, name, after };
}

interface Sought extends Target {
  readonly ends: readonly AbortSignal[];
}

async function scopeOf(room: Room, caller: Caller, target: Sought): Promise<WatchScope> {
  if (target.name === '') {
    const user = await usersOf(room, caller, parseUserScope(target.parent, 'parent'));
    return user === undefined ? {} : { user, ...(await idOf(room, user)) };
  }
  const name = parseTaskName(target.name, 'name');
  const user = resolveUser(caller, name.user);
  const task = await room.store.taskByName(user, name.task);
  const resource = taskResourceName({ user, name: name.task });
  if (task && maySee(caller, user)) return { user, taskId: task.id, name: resource };
  const taskId = await deletedSince(room, caller, { ...target, task: { ...name, user } });
  if (taskId !== undefined) return { user, taskId, name: resource };
  // Not found, by the same words as everywhere.
  await findTask(room.store, caller, name);
  throw taskNotFound({ user, name: name.task });
}

async function idOf({ store }: Room, user: string): Promise<Pick<WatchScope, 'userId'>> {
  const owner = await store.userByName(user);
  return owner ? { userId: owner.id } : {};
}

/** Whether an event is the history of the user who is there now, and not of a namesake before. */
function isOwners({ userId = 0 }: Pick<WatchScope, 'userId'>, { taskId }: Event): boolean {
  return taskId > userId;
}

/** The task of a name that was deleted while its watcher was away. */
async function deletedSince(
  room: Room,
  caller: Caller,
  { task: { user, task }, after, ends }: Sought & { readonly task: TaskName },
): Promise<number | undefined> {
  if (after === 0 || !maySee(caller, user)) return undefined;
  const resource = taskResourceName({ user, name: task });
  const owner = await idOf(room, user);
  let found: number | undefined;
  for (let cursor = after; !ends.some(({ aborted }) => aborted); ) {
    const page = await room.store.eventsAfter(cursor, user, replayRows);
    const last = page.findLast((event) => event.task === resource && isOwners(owner, event));
    found = last?.taskId ?? found;
    if (page.length < replayRows) break;
    cursor = page.at(-1)?.sequence ?? cursor;
  }
  return found;
}

const replayRows = 200;

/** Shows what there is; answers the sequence to follow from. */
async function* begin(watch: Watch, after: number): AsyncGenerator<WatchMessage, number> {
  if (after === 0) return yield* snapshot(watch, 0);
  await assertKept(watch.room, after);
  const cursor = yield* replay(watch, after);
  yield { type: 'heartbeat', sequence: cursor };
  return cursor;
}

/** Throws SEQUENCE_EXPIRED if events after this sequence were dropped, or it was never reached. */
async function assertKept(room: Room, after: number): Promise<void> {
  const { first, last } = await room.store.eventBounds();
  if (after >= first - 1 && after <= last) return;
  throw new DomainError('SEQUENCE_EXPIRED', {
    message: `The history is kept from ${first} to ${last}. Begin anew, without after_sequence.`,
    metadata: { first: String(first), last: String(last) },
  });
}

/** Shows the tasks as they are; answers the sequence to follow from. */
async function* snapshot(watch: Watch, before: number): AsyncGenerator<WatchMessage, number> {
  // Read first: what changes while the tasks are read is told again after them.
  const { last } = await watch.room.store.eventBounds();
  for await (const view of tasksOf(watch)) {
    watch.inbox.shown(view.task.id, performance.now());
    yield { type: 'snapshot', view, sequence: before };
    if (hasEnded(watch)) return before;
  }
  yield { type: 'snapshot-end', sequence: last };
  yield* endIfGone(watch, last);
  return last;
}

/** A snapshot that lacks the one task that is watched says so, since the event of its deletion may be behind it. */
async function* endIfGone(watch: Watch, sequence: number): AsyncGenerator<WatchMessage> {
  const { taskId, name } = watch.scope;
  if (taskId === undefined || name === undefined) return;
  if (await watch.room.store.taskById(taskId)) return;
  watch.targetIsGone = true;
  yield { type: 'deleted', name, sequence };
}

async function* tasksOf({ room, scope }: Watch): AsyncGenerator<TaskView> {
  if (scope.taskId !== undefined) {
    const task = await room.store.taskById(scope.taskId);
    if (task) yield await viewTask(room, task);
    return;
  }
  const user = scope.user === undefined ? {} : { user: scope.user };
  let last: Task | undefined;
  do {
    const after = last ? { after: { value: last.name, id: last.id } } : {};
    const active = room.supervisor.observeActive();
    const page: TaskWithNewest[] = await room.store.listTasksWithNewest({
      ...user,
      ...after,
      order: 'name',
      descending: false,
      limit: replayRows,
    });
    const now = room.clock.now();
    yield* page.map((row) => viewStored(row, active, now));
    last = page.length === replayRows ? page.at(-1)?.task : undefined;
  } while (last);
}

/** Shows everything that happened since, however much it is; answers the sequence to follow from. */
async function* replay(watch: Watch, after: number): AsyncGenerator<WatchMessage, number> {
  let cursor = after;
  for (;;) {
    watch.inbox.takeEvents();
    const events = await eventsOf(watch, cursor, replayRows);
    for (const event of events) {
      if (isOwners(watch.scope, event)) yield await messageOf(watch, event);
      cursor = event.sequence;
      if (hasEnded(watch)) return cursor;
    }
    if (events.length < replayRows || hasEnded(watch)) return cursor;
  }
}

/** Shows what happens from now on, until the watch ends: no deeper than it must, since a thousand watches do it at once. */
async function* follow(watch: Watch, from: number): AsyncGenerator<WatchMessage> {
  const { inbox, timing } = watch;
  let cursor = from;
  let silentUntil = performance.now() + timing.heartbeatMs;
  for (;;) {
    const before = cursor;
    if (inbox.takeEvents()) {
      const events = await eventsOf(watch, cursor, timing.queueMax + 1);
      if (events.length > timing.queueMax) {
        yield { type: 'resync', sequence: cursor };
        cursor = yield* snapshot(watch, cursor);
      } else {
        for (const event of events) {
          yield await messageOf(watch, event);
          cursor = event.sequence;
          if (hasEnded(watch)) return;
        }
      }
      if (hasEnded(watch)) return;
    }
    const due = inbox.dueProgress(performance.now());
    if (due.length > 0) yield* showProgress(watch, cursor, due);
    if (hasEnded(watch)) return;
    if (due.length > 0 || cursor !== before) silentUntil = performance.now() + timing.heartbeatMs;
    else if (performance.now() >= silentUntil) {
      cursor = yield* heartbeat(watch, cursor);
      silentUntil = performance.now() + timing.heartbeatMs;
    }
    await inbox.wait(silentUntil);
  }
}

async function messageOf(watch: Watch, event: Event): Promise<WatchMessage> {
  const { room, reads, inbox, scope } = watch;
  const { sequence, taskId } = event;
  const view = await reads.view(taskId, sequence);
  if (view) {
    inbox.shown(taskId, performance.now());
    return changeOf(view, sequence, event);
  }
  inbox.forget(taskId);
  // The last event of a task that is gone is that it went.
  const later = await room.store.listEvents(taskId, { after: sequence, limit: 1 });
  if (later.length > 0) return { type: 'change', event, sequence };
  if (taskId === scope.taskId) watch.targetIsGone = true;
  return { type: 'deleted', name: event.task, sequence };
}

/** The newest change that each view was shown by: to all watches it is the same object, so that it is encoded once. */
const changes = new WeakMap<TaskView, WatchMessage & { readonly type: 'change' }>();

function changeOf(view: TaskView, sequence: number, event?: Event): WatchMessage {
  const known = changes.get(view);
  if (known?.sequence === sequence && known.event?.sequence === event?.sequence) return known;
  const change = { type: 'change', view, sequence, ...(event ? { event } : {}) } as const;
  changes.set(view, change);
  return change;
}

async function* showProgress(
  { reads, inbox }: Watch,
  cursor: number,
  due: readonly number[],
): AsyncGenerator<WatchMessage> {
  for (const taskId of due) {
    const view = await reads.view(taskId);
    inbox.shown(taskId, performance.now());
    if (!view) inbox.forget(taskId);
    else yield changeOf(view, cursor);
    if (inbox.hasEnded) return;
  }
}

/** A sign of life that also moves the sequence on past what was others', so that it does not expire. */
async function* heartbeat(watch: Watch, cursor: number): AsyncGenerator<WatchMessage, number> {
  const { last } = await watch.room.store.eventBounds();
  const missed = await eventsOf(watch, cursor, 1);
  const sequence = missed.length > 0 ? cursor : Math.max(cursor, last);
  yield { type: 'heartbeat', sequence };
  return sequence;
}

function eventsOf(
  { reads, scope }: Watch,
  after: number,
  limit: number,
): Promise<readonly Event[]> {
  if (scope.taskId !== undefined) return reads.eventsOf(scope.taskId, after, limit);
  return reads.eventsAfter(after, scope.user, limit);
}

/** Whether there is nothing more to come: the caller left, or the one task that is watched is gone. */
function hasEnded({ inbox, targetIsGone }: Watch): boolean {
  return targetIsGone || inbox.hasEnded;
}
