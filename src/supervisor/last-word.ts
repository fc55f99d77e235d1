import type { Execution, Progress } from '../domain/execution.js';
import type { Reads } from '../domain/ports.js';
import type { Run } from '../domain/run.js';
import { isFinal } from '../domain/state.js';
import { step } from '../domain/step.js';
import type { Context, Input } from '../domain/step-input.js';
import type { Task } from '../domain/task.js';

/** Reads how far an execution came, as Kafka has it; undefined if nobody can say in time. */
export type CommittedProgress = (task: Task, execution: Execution) => Promise<Progress | undefined>;

export type Exited = Extract<Input, { type: 'exited' }>;

/**
 * Adds to an exit how far the execution came, where it is the end of an execution whose runner could not say so any more: its
 * newest report is older than its newest commit.
 */
export async function withLastWord(
  run: Run | undefined,
  exited: Exited,
  { task, context, committed }: LastWordSources,
): Promise<Exited> {
  if (!run || !task || !committed || !isUntold(run, exited, context)) return exited;
  const progress = await committed(task, run.execution).catch(() => undefined);
  return progress ? { ...exited, progress } : exited;
}

/** An execution that the service takes up when it begins, and its task. */
interface TakenUp {
  readonly task: Task;
  readonly execution: Execution;
}

/**
 * Executions that have not ended, as they are taken up when the service begins. One that was stopping ends then, and its runner
 * could not say how far it came to a service that was gone: Kafka is asked, for all of them at once, because a cluster that does
 * not answer holds up the start.
 */
export async function allTakenUp(
  store: Pick<Reads, 'activeExecutions' | 'taskById'>,
  committed: CommittedProgress | undefined,
): Promise<readonly TakenUp[]> {
  const executions = await store.activeExecutions();
  const found = executions.map(async (execution): Promise<TakenUp | undefined> => {
    const task = await store.taskById(execution.taskId);
    return task && { task, execution: await takenUp(task, execution, committed) };
  });
  return (await Promise.all(found)).filter((one) => one !== undefined);
}

/** An execution as it is taken up; if nobody can say how far it came, as it was stored. */
export async function takenUp(
  task: Task,
  execution: Execution,
  committed: CommittedProgress | undefined,
): Promise<Execution> {
  if (execution.state !== 'STOPPING' || !committed) return execution;
  const progress = await committed(task, execution).catch(() => undefined);
  return progress ? { ...execution, progress } : execution;
}

export interface LastWordSources {
  readonly task: Task | undefined;
  readonly context: Context;
  readonly committed: CommittedProgress | undefined;
}

function isUntold(run: Run, exited: Exited, context: Context): boolean {
  const { runner, execution } = run;
  if (!runner || (!runner.ready && execution.progress.partitions.length === 0)) return false;
  // Both are said after the last report, when nothing is under way.
  if (runner.outcome && runner.outcome.type !== 'failed') return false;
  return isFinal(step(run, exited, context).run.execution.state);
}
