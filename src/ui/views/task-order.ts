import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import type { Task } from '../../../gen/ts/predictd/v1/task_pb.js';
import { lagOf } from '../api/lag.js';
import { lastPart, stateWord } from '../words.js';
import { isStopped, isTroubled, whyOf } from './why.js';

/** Which tasks are shown. */
export interface TaskFilter {
  /** Words that must all stand somewhere in a task. */
  readonly text: string;
  readonly group: Group;
}

export const groups = ['all', 'trouble', 'running', 'stopped'] as const;
export type Group = (typeof groups)[number];

/** What the list can be sorted by. */
export type SortKey = 'state' | 'name' | 'rate' | 'lag' | 'bad' | 'restarts' | 'uptime';

/** By what, and which way. */
export interface Sort {
  readonly key: SortKey;
  readonly isDown: boolean;
}

/** Whether a task belongs to a group. */
export function isIn(group: Group, task: Task): boolean {
  switch (group) {
    case 'all':
      return true;
    case 'trouble':
      return isTroubled(task);
    case 'running':
      return !isStopped(task);
    case 'stopped':
      return isStopped(task);
  }
}

/** The tasks that pass the filter, sorted. Equal ones stand by name. */
export function arrange(tasks: Iterable<Task>, filter: TaskFilter, sort: Sort): readonly Task[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown: { readonly task: Task; readonly key: number | string }[] = [];
  for (const task of tasks) {
    if (isIn(filter.group, task) && (words.length === 0 || has(task, words))) {
      shown.push({ task, key: keyOf(task, sort.key) });
    }
  }
  const way = sort.isDown ? -1 : 1;
  shown.sort((a, b) => way * compare(a.key, b.key) || compare(a.task.name, b.task.name));
  return shown.map(({ task }) => task);
}

/** The state of a task. */
export function stateOf({ status }: Task): State {
  return status?.state ?? State.UNSPECIFIED;
}

/** The model or server that scores. */
export function predictorOf({ spec, status }: Task): string {
  const active = status?.models?.active?.model;
  if (active) return lastPart(active);
  const kind = spec?.predictor?.kind;
  switch (kind?.case) {
    case undefined:
      return '';
    case 'onnx':
      return lastPart(kind.value.model);
    case 'symetry':
      return `${kind.value.project}/${kind.value.model}`;
    default:
      return String((kind as { readonly case: string }).case);
  }
}

/** Records that could not be scored. */
export function badOf({ status }: Task): bigint {
  const { recordsDeadLettered = 0n, recordsSkipped = 0n } = status?.counters ?? {};
  return recordsDeadLettered + recordsSkipped;
}

function has(task: Task, words: readonly string[]): boolean {
  const { name, displayName, labels, spec, status } = task;
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const text = [
    name,
    displayName,
    ...pairs,
    spec?.source?.topic,
    spec?.sink?.topic,
    predictorOf(task),
    status?.reason,
    whyOf(task).reason,
    whyOf(task).message,
    stateWord(stateOf(task)),
  ]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function keyOf(task: Task, key: SortKey): number | string {
  const { name, status } = task;
  switch (key) {
    case 'state':
      return ranks.indexOf(whyOf(task).tone);
    case 'name':
      return name;
    case 'rate':
      return status?.recordsPerSecond ?? 0;
    case 'lag':
      return Number(lagOf(status) ?? -1n);
    case 'bad':
      return Number(badOf(task));
    case 'restarts':
      return status?.restartCount ?? 0;
    case 'uptime':
      return status?.processIsAlive
        ? -Number(status.startTime?.seconds ?? 0n)
        : Number.NEGATIVE_INFINITY;
  }
}

/** Trouble first. */
const ranks = ['bad', 'warning', 'busy', 'good', 'off'];

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
