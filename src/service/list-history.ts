import type { Execution } from '../domain/execution.js';
import { Faults } from '../domain/faults.js';
import { limits } from '../domain/limits.js';
import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';
import { referredTask, viewTaskRun } from './find-task-run.js';
import { showExecution } from './views.js';

export interface ListHistoryRequest {
  /** Numeric id of the task. */
  readonly taskId: number;
  /** How many of the newest executions are left out. */
  readonly start: number;
  /** Most executions in the answer; more than 1000 are never given. */
  readonly length: number;
}

/** Lists executions of a task by their place in its history, newest first. */
export function listHistory(room: Room) {
  return async (caller: Caller, request: ListHistoryRequest): Promise<readonly Execution[]> => {
    const { start, length } = request;
    const faults = new Faults();
    for (const [field, value] of Object.entries({ start, length })) {
      if (value < 0) faults.add(field, 'OUT_OF_RANGE', 'Give 0 or more.');
    }
    faults.throwIfAny();
    const task = await referredTask(room, caller, { id: request.taskId });
    const { execution: newest } = await viewTaskRun(room, task);
    if (!newest) return [];
    // Executions go only with their task, so that their numbers have no gaps.
    const page = { after: newest.number + 1 - start, limit: Math.min(length, limits.pageMax) };
    const rows = await room.store.listExecutions(task.id, page);
    return rows.map((row) => (row.id === newest.id ? newest : showExecution(task, row).execution));
  };
}
