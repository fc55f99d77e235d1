import { limits } from '../domain/limits.js';
import { takesPlace } from '../domain/state.js';
import type { Caller } from '../domain/user.js';
import { maySee } from './access.js';
import type { Room } from './deps.js';
import { type TaskRun, viewTaskRun } from './find-task-run.js';

export interface ListRunningRequest {
  /** Executions in the answer, at most 1000. */
  readonly max?: number;
}

/** A task that runs has an execution. */
export type RunningTask = Required<TaskRun>;

/** Lists what has a runner now and the caller may see, oldest execution first. */
export function listRunning(room: Room) {
  return async (
    caller: Caller,
    { max = limits.pageMax }: ListRunningRequest,
  ): Promise<readonly RunningTask[]> => {
    const active = await room.store.activeExecutions();
    const running: RunningTask[] = [];
    for (const { taskId } of active.filter(({ state }) => takesPlace(state))) {
      if (running.length === Math.min(max, limits.pageMax)) break;
      const task = await room.store.taskById(taskId);
      if (!task || !maySee(caller, task.user)) continue;
      const run = await viewTaskRun(room, task);
      if (hasPlace(run)) running.push(run);
    }
    return running;
  };
}

/** It may have ended since the rows were read. What nobody hears of has its place still. */
function hasPlace(run: TaskRun): run is RunningTask {
  return (
    run.execution !== undefined && (takesPlace(run.status.state) || run.status.state === 'UNKNOWN')
  );
}
