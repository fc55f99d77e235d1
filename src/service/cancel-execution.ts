import { isFinal } from '../domain/state.js';
import { taskResourceName } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';
import { type ExecutionReport, reportExecution } from './execution-report.js';
import { executionOf } from './find-execution.js';
import { stopTask } from './stop-task.js';

export interface CancelExecutionRequest {
  /** Numeric id or UUID. */
  readonly id: string;
  /** When aborted, the call answers STOP_PENDING and the stop goes on. */
  readonly signal?: AbortSignal;
}

/** Ends an execution and answers when it has ended. One that has ended already stays as it is: that is no error. */
export function cancelExecution(room: Room) {
  const stop = stopTask(room);
  return async (caller: Caller, request: CancelExecutionRequest): Promise<ExecutionReport> => {
    const { id, signal } = request;
    const found = await executionOf(room, caller, id);
    if (!isFinal(found.execution.state)) {
      const { number } = found.execution;
      const meant = { name: taskResourceName(found.task), execution: number };
      await stop(caller, { ...meant, ...(signal ? { signal } : {}) });
    }
    const { task, execution } = await executionOf(room, caller, id);
    return reportExecution(room, task, execution);
  };
}
