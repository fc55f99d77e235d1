import { limits } from '../domain/limits.js';
import type { Clock, ExecutionSpan, Store } from '../domain/ports.js';

/** What was forgotten. */
export interface Forgotten {
  readonly events: number;
  readonly executions: number;
}

/** Forgets what is older, and more, than the limits say. */
export async function applyRetention(store: Store, clock: Clock): Promise<Forgotten> {
  const now = clock.now();
  const events = await store.write(async (writes) => {
    await writes.forgetAnswers(now - limits.requestIdMaxAgeMs);
    return writes.trimEvents(limits.eventsPerTaskMax, now - limits.eventsMaxAgeMs);
  });
  return { events, executions: await trimExecutions(store, now - limits.executionsMaxAgeMs) };
}

/** Tasks looked at with one query. */
const tasksPerPage = 500;

async function trimExecutions(store: Store, oldBefore: number): Promise<number> {
  let deleted = 0;
  let after = 0;
  for (;;) {
    const spans = await store.executionSpans({ after, limit: tasksPerPage }, oldBefore);
    for (const span of spans) deleted += await trimSpan(store, span);
    const last = spans.at(-1);
    if (!last || spans.length < tasksPerPage) return deleted;
    after = last.taskId;
  }
}

/** In small transactions, so that nobody waits long for a task with a million executions. */
async function trimSpan(store: Store, span: ExecutionSpan): Promise<number> {
  const { taskId, oldest, newest, firstYoung = newest } = span;
  const last = Math.min(newest, Math.max(newest - limits.executionsPerTaskMax + 1, firstYoung)) - 1;
  let deleted = 0;
  for (let from = oldest; from <= last; from += limits.retentionRowsMax) {
    const to = Math.min(last, from + limits.retentionRowsMax - 1);
    deleted += await store.write((writes) => writes.deleteExecutions(taskId, from, to));
  }
  return deleted;
}
