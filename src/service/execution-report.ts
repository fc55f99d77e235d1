import type { Execution } from '../domain/execution.js';
import { isFinal, type State } from '../domain/state.js';
import type { Task } from '../domain/task.js';
import type { Room } from './deps.js';
import { type ExecutionView, showExecution, viewExecution } from './views.js';

/** What became of an execution, for those who ask for no more. */
export type Outcome = 'UNDER_WAY' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** An execution as one may be told of it who knows nothing of its task. */
export interface ExecutionReport extends ExecutionView {
  /** The task's own name for people; may be empty. */
  readonly displayName: string;
  readonly outcome: Outcome;
  /** The execution that goes on with the work. Failures are not resumed: they stay failures. */
  readonly resumedBy?: Execution;
}

/** Reports on an execution of a task that the caller may see. */
export async function reportExecution(
  room: Room,
  task: Task,
  stored: Execution,
): Promise<ExecutionReport> {
  const view = isFinal(stored.state)
    ? showExecution(task, stored)
    : await viewExecution(room, task, stored);
  const outcome = outcomeOf(view.execution.state);
  const resumedBy = await resumedByOf(room, view.execution, outcome);
  return {
    ...view,
    displayName: task.displayName,
    outcome: resumedBy ? 'COMPLETED' : outcome,
    ...(resumedBy ? { resumedBy } : {}),
  };
}

/** What an execution in this state amounts to. */
export function outcomeOf(state: State): Outcome {
  switch (state) {
    case 'COMPLETED':
    case 'COMPLETED_WITH_WARNINGS':
      return 'COMPLETED';
    case 'CANCELLED':
    case 'FAILED':
      return state;
    default:
      return 'UNDER_WAY';
  }
}

/**
 * What was completed goes on in whatever continues it. What was cancelled goes on only where its own task was started
 * again: what had waited for it in a sequence never will.
 */
async function resumedByOf(
  room: Pick<Room, 'store'>,
  { id, taskId }: Execution,
  outcome: Outcome,
): Promise<Execution | undefined> {
  if (outcome === 'UNDER_WAY' || outcome === 'FAILED') return undefined;
  const next = await room.store.executionsContinuing(id);
  return next.find((each) => outcome === 'COMPLETED' || each.taskId === taskId);
}
