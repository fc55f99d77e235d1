import { parseTaskName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { findTask } from './access.js';
import type { Room } from './deps.js';
import { type TaskView, viewTask } from './views.js';

/** Reads a task with its status. */
export function getTask(room: Room) {
  return async (caller: Caller, { name }: { readonly name: string }): Promise<TaskView> => {
    const task = await findTask(room.store, caller, parseTaskName(name, 'name'));
    return viewTask(room, task);
  };
}
