import { parseTaskName } from '../domain/names.js';
import type { Caller } from '../domain/user.js';
import { findTaskWithNewest } from './access.js';
import type { Room } from './deps.js';
import { type TaskView, viewFound } from './views.js';

/** Reads a task with its status. */
export function getTask(room: Room) {
  return async (caller: Caller, { name }: { readonly name: string }): Promise<TaskView> => {
    return viewFound(
      room,
      await findTaskWithNewest(room.store, caller, parseTaskName(name, 'name')),
    );
  };
}
