import { executionResourceName, parseExecutionName } from '../domain/names.js';
import { taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findTask, notFound } from './access.js';
import type { Room } from './deps.js';
import { type ExecutionView, viewExecution } from './views.js';

/** Reads one execution; `-` for its number is the newest. */
export function getExecution(room: Room) {
  return async (caller: Caller, request: { readonly name: string }): Promise<ExecutionView> => {
    const name = parseExecutionName(request.name, 'name');
    const task = await findTask(room.store, caller, name);
    const execution =
      name.number === undefined
        ? await room.store.newestExecution(task.id)
        : await room.store.executionByNumber(task.id, name.number);
    if (execution) return viewExecution(room, task, execution);
    const resource =
      name.number === undefined
        ? `${taskResourceName(task)}/executions/-`
        : executionResourceName(taskResourceName(task), name.number);
    throw notFound('EXECUTION_NOT_FOUND', 'execution', resource);
  };
}
