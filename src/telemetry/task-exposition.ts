import type { PartitionProgress } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import { distributionOf, type Measure, measures } from '../domain/measures.js';
import { type State, states } from '../domain/state.js';
import type { TaskSample } from '../domain/task-sample.js';
import { Exposition, type Family, labelsText } from './exposition.js';
import { summedUp } from './summed-up.js';
import { partitionLag, partitionLagSeconds, taskHistograms, taskNumbers } from './task-families.js';

interface Bounds {
  readonly metricTasksMax: number;
  readonly metricPartitionsMax: number;
}

/** A task, and its labels as text. */
interface Labelled {
  readonly task: TaskSample;
  readonly labels: string;
}

/**
 * The metrics of tasks, as text. The oldest tasks have series of their own; those beyond the bound are summed up as one,
 * and so are partitions. `now`: milliseconds since 1970.
 */
export function taskExposition(
  tasks: readonly TaskSample[],
  now: number,
  bounds: Bounds = limits,
): string {
  const out = new Exposition();
  const own = tasks.slice(0, bounds.metricTasksMax);
  const rest = tasks.slice(bounds.metricTasksMax);
  const labelled: Labelled[] = [...own, ...(rest.length > 0 ? [summedUp(rest)] : [])].map(
    (task) => ({ task, labels: labelsText({ user: task.user, task: task.name }) }),
  );
  writeNumbers(out, labelled, now);
  writeStates(out, labelled.slice(0, own.length));
  for (const name of Object.keys(measures) as Measure[]) writeHistogram(out, labelled, name);
  const shown = writePartitions(out, labelled.slice(0, own.length), {
    now,
    partitionsMax: bounds.metricPartitionsMax,
  });
  writeExecutions(out, tasks);
  out.begin(summedFamilies.tasks);
  out.sample('', rest.length);
  const partitions = tasks.reduce((sum, { active }) => sum + (active?.partitions.length ?? 0), 0);
  out.begin(summedFamilies.partitions);
  out.sample('', partitions - shown);
  return out.text;
}

/** Whether all is shown. */
const summedFamilies = {
  tasks: {
    name: 'predictd_metrics_tasks_summed',
    help: 'Tasks without series of their own, because there are too many: the newest ones.',
    type: 'gauge',
  },
  partitions: {
    name: 'predictd_metrics_partitions_summed',
    help: 'Partitions without series of their own, because there are too many; the lag of their task has them.',
    type: 'gauge',
  },
} as const satisfies Readonly<Record<string, Family>>;

function writeNumbers(out: Exposition, tasks: readonly Labelled[], now: number): void {
  for (const family of taskNumbers) {
    out.begin(family);
    for (const { task, labels } of tasks) {
      const value = family.read(task, now);
      if (value !== undefined) out.sample(labels, value);
    }
  }
}

function writeStates(out: Exposition, tasks: readonly Labelled[]): void {
  out.begin({
    name: 'predictd_task_state',
    help: 'The state that the task is in is 1, every other one is 0.',
    type: 'gauge',
  });
  const names = states.map((state): [State, string] => [state, labelsText({ state })]);
  for (const { task, labels } of tasks) {
    for (const [state, name] of names) {
      out.sample(`${labels},${name}`, task.state === state ? 1 : 0);
    }
  }
}

function writeHistogram(out: Exposition, tasks: readonly Labelled[], name: Measure): void {
  out.begin(taskHistograms[name]);
  for (const { task, labels } of tasks) {
    if (task.measured) out.histogram(labels, measures[name], distributionOf(task.measured, name));
  }
}

/** Answers how many partitions have series of their own. */
function writePartitions(
  out: Exposition,
  tasks: readonly Labelled[],
  { now, partitionsMax }: { readonly now: number; readonly partitionsMax: number },
): number {
  const each: { readonly one: PartitionProgress; readonly labels: string }[] = [];
  for (const { task, labels } of tasks) {
    const { partitions = [] } = task.active ?? {};
    // All of a task or none: some would look like all.
    if (each.length + partitions.length > partitionsMax) continue;
    for (const one of partitions)
      each.push({ one, labels: `${labels},partition="${one.partition}"` });
  }
  out.begin(partitionLag.records);
  for (const { one, labels } of each) out.sample(labels, one.lag);
  out.begin(partitionLag.seconds);
  for (const { one, labels } of each) {
    const seconds = partitionLagSeconds(one, now);
    if (seconds !== undefined) out.sample(labels, seconds);
  }
  return each.length;
}

function writeExecutions(out: Exposition, tasks: readonly TaskSample[]): void {
  out.begin({
    name: 'predictd_executions',
    help: 'Newest executions of all tasks, by state.',
    type: 'gauge',
  });
  const counts = new Map<State, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  for (const state of states) {
    if (state !== 'CREATED') out.sample(labelsText({ state }), counts.get(state) ?? 0);
  }
}
