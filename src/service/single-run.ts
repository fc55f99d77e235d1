import type { Execution } from '../domain/execution.js';
import { shown } from '../domain/names.js';
import type { Reads } from '../domain/ports.js';
import { isFinal } from '../domain/state.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { maySee, notFound } from './access.js';
import type { Room } from './deps.js';
import { viewExecution } from './views.js';

/** Where a task that runs once lives. Both are UUIDs in lower case, and nothing makes them but the first task. */
export interface RunPlace {
  readonly project: string;
  /** A part of the project. */
  readonly group: string;
}

/** Names a task that runs once. */
export interface RunKey extends RunPlace {
  /** UUID of the task. */
  readonly uid: string;
}

/** A task that runs once, as it is now. */
export interface SingleRun extends RunPlace {
  readonly task: Pick<Task, 'uid' | 'createdAt'>;
  /** UUID of the target that it was made from. */
  readonly target: string;
  /** Its one execution, as soon as it was started. Whatever the core runs after it does not count. */
  readonly execution?: Execution;
  /** When it was given up before it was started. */
  readonly abandonedAt?: number;
}

/** Reads a task that runs once. For admins, its owner, and users of its project. */
export function getSingleRun(room: Room) {
  return async (caller: Caller, key: RunKey): Promise<SingleRun> =>
    viewSingleRun(room, await findSingleRun(room.store, caller, key));
}

/** The annotations that make a task one that runs once. */
export function runAnnotations(place: RunPlace, target: string): Readonly<Record<string, string>> {
  return { [keys.project]: place.project, [keys.group]: place.group, [keys.target]: target };
}

/** The task given up, as it is to be stored. */
export function abandoned(task: Task, at: number): Task {
  return { ...task, annotations: { ...task.annotations, [keys.abandonedAt]: String(at) } };
}

/** The task, if it is there, at this place, and may be read; TASK_NOT_FOUND in all other cases. */
export async function findSingleRun(reads: Reads, caller: Caller, key: RunKey): Promise<Task> {
  const task = await reads.taskByUid(key.uid);
  if (task && isAt(task, key) && mayRead(caller, task, key)) return task;
  throw notFound('TASK_NOT_FOUND', 'task', shown(key.uid));
}

/** What decides whether a command is accepted. */
export interface RunFacts {
  readonly isOver: boolean;
  readonly isStarted: boolean;
}

/** Reads the facts; inside a write they stay so until it ends. */
export async function factsOf(reads: Reads, task: Task): Promise<RunFacts> {
  const execution = await reads.executionByNumber(task.id, onlyNumber);
  const isAbandoned = task.annotations[keys.abandonedAt] !== undefined;
  const isOver = isAbandoned || (execution !== undefined && isFinal(execution.state));
  return { isOver, isStarted: execution !== undefined };
}

/** Looks at a task that runs once. */
export async function viewSingleRun(room: Room, task: Task): Promise<SingleRun> {
  const stored = await room.store.executionByNumber(task.id, onlyNumber);
  const view = stored && (await viewExecution(room, task, stored));
  const abandonedAt = task.annotations[keys.abandonedAt];
  return {
    task,
    project: task.annotations[keys.project] ?? '',
    group: task.annotations[keys.group] ?? '',
    target: task.annotations[keys.target] ?? '',
    ...(view ? { execution: view.execution } : {}),
    ...(abandonedAt === undefined ? {} : { abandonedAt: Number(abandonedAt) }),
  };
}

const onlyNumber = 1;

const keys = {
  project: 'run.project',
  group: 'run.group',
  target: 'run.target',
  abandonedAt: 'run.abandonedAt',
} as const;

function isAt({ annotations }: Task, { project, group }: RunPlace): boolean {
  return annotations[keys.project] === project && annotations[keys.group] === group;
}

function mayRead(caller: Caller, task: Task, { project }: RunPlace): boolean {
  const isOfProject = caller.projects.some((one) => one.toLowerCase() === project);
  return isOfProject || maySee(caller, task.user);
}
