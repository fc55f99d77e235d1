import { signal } from '@preact/signals';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { WatchTasksResponse } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { forgetSamples, sample } from './samples.js';
import { type Link, type Watching, watchTasks } from './watch-loop.js';

/** All tasks that are watched, by name. A new map after each change; tasks that did not change are the same objects. */
export const liveTasks = signal<ReadonlyMap<string, Task>>(new Map());
/** Whether all tasks are there, or some are still on their way. */
export const isComplete = signal(false);
/** How many snapshots were complete so far: changes before the newest may have been missed. */
export const snapshots = signal(0);
export const link = signal<Link>({ type: 'connecting' });
/** When the last word of the service came, in milliseconds since 1970. */
export const heardAt = signal(0);

/** Told of each event as it comes. */
export type EventListener = (event: Event) => void;

/** Many changes in one go are one repaint. */
const repaintMs = 200;

const listeners = new Set<EventListener>();
let watching: Watching | undefined;
let known = new Map<string, Task>();
/** Names of the snapshot that is coming in. */
let seen: Set<string> | undefined;
let isRepaintDue = false;

/** Watches the tasks of `users/{user}`, or of all users with `users/-`, instead of what was watched before. */
export function watch(parent: string): void {
  unwatch();
  watching = watchTasks(parent, {
    onMessage: take,
    onLink(next) {
      link.value = next;
      // A snapshot that broke off half way comes again as a whole.
      if (next.type === 'live') seen = undefined;
    },
  });
}

/** Ends the watch and forgets what it told. */
export function unwatch(): void {
  watching?.close();
  watching = undefined;
  seen = undefined;
  known = new Map();
  isComplete.value = false;
  heardAt.value = 0;
  liveTasks.value = known;
  forgetSamples();
}

/** Tries to connect at once. */
export function retryNow(): void {
  watching?.retryNow();
}

/** Calls `listener` with each event from now on; answers what ends that. */
export function onEvent(listener: EventListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function take({ kind }: WatchTasksResponse): void {
  heardAt.value = Date.now();
  switch (kind.case) {
    case 'snapshot':
      seen ??= new Set();
      seen.add(kind.value.name);
      put(kind.value);
      break;
    case 'snapshotEnd':
      for (const name of known.keys()) if (!seen?.has(name)) forget(name);
      seen = undefined;
      isComplete.value = true;
      snapshots.value += 1;
      break;
    case 'resync':
      seen = new Set();
      break;
    case 'change':
      if (kind.value.task) put(kind.value.task);
      if (kind.value.event) for (const tell of listeners) tell(kind.value.event);
      break;
    case 'deleted':
      forget(kind.value);
      break;
    case 'heartbeat':
    case undefined:
      return;
  }
  if (isRepaintDue) return;
  isRepaintDue = true;
  window.setTimeout(repaint, repaintMs);
}

function put(task: Task): void {
  known.set(task.name, task);
  sample(task);
}

function forget(name: string): void {
  known.delete(name);
  forgetSamples(name);
}

function repaint(): void {
  isRepaintDue = false;
  liveTasks.value = new Map(known);
}
