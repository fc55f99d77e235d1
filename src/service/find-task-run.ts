import type { Execution } from '../domain/execution.js';
import { maskSpec } from '../domain/mask-secrets.js';
import { parseTaskName } from '../domain/names.js';
import { deriveExecution, deriveStatus, type TaskStatus } from '../domain/status.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findTask, maySee, notFound } from './access.js';
import type { Room } from './deps.js';

/** One of the ways to name a task. */
export type TaskReference =
  | { readonly id: number }
  | { readonly uid: string }
  /** `users/{user}/tasks/{task}`. */
  | { readonly name: string };

/** A task without secrets, what it does now, and the execution that does it, all of one moment. */
export interface TaskRun {
  readonly task: Task;
  readonly status: TaskStatus;
  /** The newest one; absent if the task never ran. */
  readonly execution?: Execution;
}

/** Reads a task with its newest execution, by whatever names it. */
export function findTaskRun(room: Room) {
  return async (caller: Caller, reference: TaskReference): Promise<TaskRun> =>
    viewTaskRun(room, await referredTask(room, caller, reference));
}

/** The task that is meant; TASK_NOT_FOUND if there is none or it is another's. */
export async function referredTask(
  room: Pick<Room, 'store'>,
  caller: Caller,
  reference: TaskReference,
): Promise<Task> {
  if ('name' in reference) {
    return findTask(room.store, caller, parseTaskName(reference.name, 'name'));
  }
  const task = await lookUp(room, reference);
  if (task && maySee(caller, task.user)) return task;
  throw notFound('TASK_NOT_FOUND', 'task', 'id' in reference ? `${reference.id}` : reference.uid);
}

/** Looks at a task and its newest execution at once. */
export async function viewTaskRun(
  room: Pick<Room, 'supervisor' | 'clock'>,
  task: Task,
): Promise<TaskRun> {
  const observation = await room.supervisor.observe(task.id);
  const now = room.clock.now();
  const execution = deriveExecution(observation, now);
  return {
    task: { ...task, spec: maskSpec(task.spec) },
    status: deriveStatus(task, observation, now),
    ...(execution ? { execution: { ...execution, spec: maskSpec(execution.spec) } } : {}),
  };
}

async function lookUp(
  { store }: Pick<Room, 'store'>,
  reference: { readonly id: number } | { readonly uid: string },
): Promise<Task | undefined> {
  if ('uid' in reference) return store.taskByUid(reference.uid.toLowerCase());
  return Number.isSafeInteger(reference.id) ? store.taskById(reference.id) : undefined;
}
