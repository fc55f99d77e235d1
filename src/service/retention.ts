import type { ExecutionLogs } from '../domain/execution-log.js';
import { limits } from '../domain/limits.js';
import type { Clock, ExecutionSpan, Store } from '../domain/ports.js';

/** What was forgotten. */
export interface Forgotten {
  readonly events: number;
  readonly executions: number;
  /** Logs of executions. */
  readonly logs: number;
}

/** What retention needs. */
export interface Kept {
  readonly store: Store;
  readonly logs: Pick<ExecutionLogs, 'list' | 'remove'>;
  readonly clock: Clock;
}

/** Forgets what is older, and more, than the limits say. */
export async function applyRetention({ store, logs, clock }: Kept): Promise<Forgotten> {
  const now = clock.now();
  await store.write((writes) => writes.forgetAnswers(now - limits.requestIdMaxAgeMs));
  const events = await trimEvents(store, now - limits.eventsMaxAgeMs);
  const executions = await trimExecutions(store, now - limits.executionsMaxAgeMs);
  return { events, executions, logs: await trimLogs({ store, logs, now }) };
}

/** In small transactions, so that nobody waits long for a service that was away for months. */
async function trimEvents(store: Store, oldBefore: number): Promise<number> {
  const { eventsPerTaskMax, retentionRowsMax } = limits;
  let trimmed = 0;
  for (;;) {
    const now = await store.write((writes) =>
      writes.trimEvents(eventsPerTaskMax, oldBefore, retentionRowsMax),
    );
    trimmed += now;
    if (now < retentionRowsMax) return trimmed;
  }
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

async function trimLogs({ store, logs, now }: Omit<Kept, 'clock'> & { now: number }) {
  let removed = 0;
  for (const uid of await logs.list()) {
    if (await isLogKept(store, uid, now)) continue;
    await logs.remove(uid);
    removed += 1;
  }
  return removed;
}

async function isLogKept(store: Store, uid: string, now: number): Promise<boolean> {
  const execution = await store.executionByUid(uid);
  if (!execution) return false;
  const { taskId, number, endedAt = now } = execution;
  if (now - endedAt > limits.logsMaxAgeMs) return false;
  const newest = await store.newestExecution(taskId);
  return number > (newest?.number ?? number) - limits.logsPerTaskMax;
}
