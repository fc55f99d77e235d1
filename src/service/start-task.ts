import { DomainError } from '../domain/errors.js';
import type { Execution } from '../domain/execution.js';
import { Faults } from '../domain/faults.js';
import { parseTaskName } from '../domain/names.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { actorOf, findTask, notFound } from './access.js';
import { assertStartable } from './check-definition.js';
import type { Room } from './deps.js';
import { answered, type RepeatableRequest, repeatable, requestIdFault } from './request-id.js';
import { type ExecutionView, showExecution, viewExecution } from './views.js';

export interface StartTaskRequest {
  readonly name: string;
  /** What to do if as many executions run as the service allows; QUEUE by default. */
  readonly whenFull?: string | undefined;
  readonly requestId?: string;
}

/** Starts an execution, or answers the one that the same request id started. */
export function startTask(room: Room) {
  return async (caller: Caller, request: StartTaskRequest): Promise<ExecutionView> => {
    const { name, whenFull, requestId } = read(request);
    const task = await findTask(room.store, caller, parseTaskName(name, 'name'));
    const parts = [task.uid, whenFull];
    const answer = repeatable(caller, requestId, { method: 'StartTask', parts });
    const before = await startedBefore(room, task, answer);
    if (before) return before;
    await assertStartable(room, task);
    try {
      const execution = await room.supervisor.start(task, {
        actor: actorOf(caller),
        whenFull,
        ...(answer ? { answer } : {}),
      });
      return showExecution(task, execution);
    } catch (error) {
      // The same request may have come twice at the same time, and the other one was first.
      const meanwhile = isStarted(error) ? await startedBefore(room, task, answer) : undefined;
      if (meanwhile) return meanwhile;
      throw error;
    }
  };
}

interface Read {
  readonly name: string;
  readonly whenFull: 'QUEUE' | 'REFUSE';
  readonly requestId: string;
}

function read({ name, whenFull = 'QUEUE', requestId = '' }: StartTaskRequest): Read {
  const faults = new Faults();
  faults.try(() => parseTaskName(name, 'name'));
  faults.take(requestIdFault(requestId));
  if (whenFull !== 'QUEUE' && whenFull !== 'REFUSE') {
    faults.add('when_full', 'UNKNOWN_VALUE', 'Use QUEUE or REFUSE.');
  }
  faults.throwIfAny();
  return { name, whenFull: whenFull === 'REFUSE' ? 'REFUSE' : 'QUEUE', requestId };
}

async function startedBefore(
  room: Room,
  task: Task,
  answer: RepeatableRequest | undefined,
): Promise<ExecutionView | undefined> {
  const id = await answered(room.store, answer);
  if (id === undefined) return undefined;
  const execution: Execution | undefined = await room.store.executionById(id);
  if (execution) return viewExecution(room, task, execution);
  throw notFound('EXECUTION_NOT_FOUND', 'execution', `${task.name} (id ${id})`);
}

function isStarted(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'TASK_ALREADY_STARTED';
}
