import { Faults } from '../domain/faults.js';
import { parseTaskName } from '../domain/names.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { Caller } from '../domain/user.js';
import { findTask } from './access.js';
import type { Room } from './deps.js';
import { type ExecutionView, viewExecution } from './views.js';

export interface ListExecutionsRequest {
  /** `users/{user}/tasks/{task}`. */
  readonly parent: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface ExecutionPage {
  readonly executions: readonly ExecutionView[];
  readonly nextPageToken: string;
}

/** Lists the executions of a task, newest first. */
export function listExecutions(room: Room) {
  return async (caller: Caller, request: ListExecutionsRequest): Promise<ExecutionPage> => {
    const faults = new Faults();
    const name = faults.try(() => parseTaskName(request.parent, 'parent'));
    const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
    const mark = ['executions', request.parent];
    const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, ['number']));
    faults.throwIfAny();
    const task = await findTask(room.store, caller, name ?? { user: '', task: '' });
    const after = key ? { after: Number(key[0]) } : {};
    const rows = await room.store.listExecutions(task.id, { ...after, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const executions = await Promise.all(page.map((row) => viewExecution(room, task, row)));
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { executions, nextPageToken: last ? pageToken(mark, [last.number]) : '' };
  };
}
