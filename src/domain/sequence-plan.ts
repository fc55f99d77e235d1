import { brokersOf, type Task, type TaskSpec } from './task.js';

/** A task of a plan, with the spec that it would run in it. */
export interface PlannedTask {
  readonly task: Task;
  readonly spec: TaskSpec;
}

/**
 * The tasks that read, directly or through others, what those of a sequence write: everyone after all that write for
 * it, except in a circle, where the oldest goes first. Those that are named already are not named again.
 */
export function downstreamOf(
  named: readonly PlannedTask[],
  candidates: readonly PlannedTask[],
  brokers: readonly string[],
): readonly PlannedTask[] {
  const feeds = (from: PlannedTask, to: PlannedTask) =>
    topicOf(from.spec, from.spec.sink.topic, brokers) ===
    topicOf(to.spec, to.spec.source.topic, brokers);
  const taken = new Set(named.map(({ task }) => task.id));
  const free = candidates.filter(({ task }) => !taken.has(task.id));
  const reached = reach(named, free, feeds);
  return inOrder(reached, feeds);
}

type Feeds = (from: PlannedTask, to: PlannedTask) => boolean;

/** A topic is the same only on the same cluster. */
function topicOf(spec: TaskSpec, topic: string, brokers: readonly string[]): string {
  return JSON.stringify([[...brokersOf(spec.source, brokers)].sort(), topic]);
}

function reach(
  from: readonly PlannedTask[],
  candidates: readonly PlannedTask[],
  feeds: Feeds,
): readonly PlannedTask[] {
  const reached = new Set<PlannedTask>();
  const writers = [...from];
  for (let writer = writers.shift(); writer; writer = writers.shift()) {
    for (const candidate of candidates) {
      if (reached.has(candidate) || !feeds(writer, candidate)) continue;
      reached.add(candidate);
      writers.push(candidate);
    }
  }
  return [...reached].sort((a, b) => a.task.id - b.task.id);
}

function inOrder(tasks: readonly PlannedTask[], feeds: Feeds): readonly PlannedTask[] {
  const left = new Set(tasks);
  const ordered: PlannedTask[] = [];
  while (left.size > 0) {
    const waits = (to: PlannedTask) => [...left].some((from) => from !== to && feeds(from, to));
    const [oldest] = left;
    const next = [...left].find((task) => !waits(task)) ?? oldest;
    if (!next) break;
    left.delete(next);
    ordered.push(next);
  }
  return ordered;
}
