import { invalidField } from '../domain/errors.js';
import type { Execution } from '../domain/execution.js';
import { shown } from '../domain/names.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { maySee, notFound } from './access.js';
import type { Room } from './deps.js';
import { type ExecutionReport, reportExecution } from './execution-report.js';

/** Reports on the execution of a numeric id or UUID, whatever task it is of. */
export function findExecution(room: Room) {
  return async (caller: Caller, request: { readonly id: string }): Promise<ExecutionReport> => {
    const { task, execution } = await executionOf(room, caller, request.id);
    return reportExecution(room, task, execution);
  };
}

/** The execution of an id, and its task; EXECUTION_NOT_FOUND if there is none or it is another's. */
export async function executionOf(
  room: Pick<Room, 'store'>,
  caller: Caller,
  id: string,
): Promise<{ readonly task: Task; readonly execution: Execution }> {
  const execution = await lookUp(room, id);
  const task = execution && (await room.store.taskById(execution.taskId));
  if (execution && task && maySee(caller, task.user)) return { task, execution };
  throw notFound('EXECUTION_NOT_FOUND', 'execution', id);
}

const numberPattern = /^[1-9][0-9]{0,17}$/;
const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function lookUp({ store }: Pick<Room, 'store'>, id: string): Promise<Execution | undefined> {
  if (uuidPattern.test(id)) return store.executionByUid(id.toLowerCase());
  if (!numberPattern.test(id)) {
    throw invalidField('id', 'INVALID_ID', `"${shown(id)}" is neither a number nor a UUID.`);
  }
  const number = Number(id);
  return Number.isSafeInteger(number) ? store.executionById(number) : undefined;
}
