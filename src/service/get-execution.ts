import type { Execution } from '../domain/execution.js';
import { executionResourceName, parseExecutionName } from '../domain/names.js';
import { type Task, taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findTask, notFound } from './access.js';
import type { Room } from './deps.js';
import { type ExecutionView, viewExecution } from './views.js';

/** Reads one execution; `-` for its number is the newest. */
export function getExecution(room: Room) {
  return async (caller: Caller, request: { readonly name: string }): Promise<ExecutionView> => {
    const { task, execution } = await findExecutionByName(room, caller, request.name);
    return viewExecution(room, task, execution);
  };
}

/** The execution of a resource name, where `-` is the newest, and its task; EXECUTION_NOT_FOUND if there is none. */
export async function findExecutionByName(
  { store }: Pick<Room, 'store'>,
  caller: Caller,
  text: string,
): Promise<{ readonly task: Task; readonly execution: Execution }> {
  const name = parseExecutionName(text, 'name');
  const task = await findTask(store, caller, name);
  const execution =
    name.number === undefined
      ? await store.newestExecution(task.id)
      : await store.executionByNumber(task.id, name.number);
  if (execution) return { task, execution };
  const resource =
    name.number === undefined
      ? `${taskResourceName(task)}/executions/-`
      : executionResourceName(taskResourceName(task), name.number);
  throw notFound('EXECUTION_NOT_FOUND', 'execution', resource);
}
