import type { Execution } from '../domain/execution.js';
import { maskSpec } from '../domain/mask-secrets.js';
import type { Observation, TaskWithNewest } from '../domain/ports.js';
import { isFinal } from '../domain/state.js';
import { deriveExecution, deriveStatus, type TaskStatus } from '../domain/status.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Room } from './deps.js';

/** A task as it may be shown: what it is, without secrets, and what it does now. */
export interface TaskView {
  readonly task: Task;
  readonly status: TaskStatus;
}

/** An execution as it may be shown, without secrets. */
export interface ExecutionView {
  readonly execution: Execution;
  /** Resource name of its task. */
  readonly task: string;
}

type Observing = Pick<Room, 'supervisor' | 'clock'>;

/** Looks at a task. */
export async function viewTask(room: Observing, task: Task): Promise<TaskView> {
  return showTask(task, await room.supervisor.observe(task.id), room.clock.now());
}

/**
 * A task as it was read. `active` must have been observed before the read: an execution that ends in between is then seen
 * at work, and not taken for one whose runner is gone.
 */
export function viewStored(
  { task, newest }: TaskWithNewest,
  active: ReadonlyMap<number, Observation>,
  now: number,
): TaskView {
  return showTask(task, active.get(task.id) ?? restingAt(newest), now);
}

/** Looks at a task that was just read: once more only if what it was doing has ended since. */
export async function viewFound(
  room: Observing,
  { task, newest }: TaskWithNewest,
): Promise<TaskView> {
  const observed = room.supervisor.observeRun(task.id);
  if (!observed && newest && !isFinal(newest.state)) return viewTask(room, task);
  return showTask(task, observed ?? restingAt(newest), room.clock.now());
}

function restingAt(newest: Execution | undefined): Observation {
  return { processIsAlive: false, ...(newest ? { execution: newest } : {}) };
}

/** Looks at an execution; the newest one of its task is seen as it is now. */
export async function viewExecution(
  room: Observing,
  task: Task,
  stored: Execution,
): Promise<ExecutionView> {
  const observation = await room.supervisor.observe(task.id);
  const isNewest = observation.execution?.id === stored.id;
  const now = isNewest ? deriveExecution(observation, room.clock.now()) : undefined;
  return showExecution(task, now ?? stored);
}

/** Shows an execution that is known as it is now. */
export function showExecution(task: Task, execution: Execution): ExecutionView {
  return {
    execution: { ...execution, spec: maskSpec(execution.spec) },
    task: taskResourceName(task),
  };
}

function showTask(task: Task, observation: Observation, now: number): TaskView {
  return {
    task: { ...task, spec: maskSpec(task.spec) },
    status: deriveStatus(task, observation, now),
  };
}
