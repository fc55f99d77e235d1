import type { Execution } from '../domain/execution.js';
import { limits } from '../domain/limits.js';
import type { State } from '../domain/state.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { maySee } from './access.js';
import type { Room } from './deps.js';
import { type ExecutionReport, type Outcome, reportExecution } from './execution-report.js';

export interface ListAllExecutionsRequest {
  /** Only executions of this outcome, or only those that are queued. */
  readonly outcome?: Outcome | 'QUEUED' | undefined;
  /** Executions in the answer, at most 1000. */
  readonly max?: number;
}

/** Lists the executions of all tasks that the caller may see, newest first. */
export function listAllExecutions(room: Room) {
  return async (
    caller: Caller,
    { outcome, max = limits.pageMax }: ListAllExecutionsRequest,
  ): Promise<readonly ExecutionReport[]> => {
    const most = Math.min(max, limits.pageMax);
    const reports = reporter(room, caller);
    const wanted = (report: ExecutionReport) =>
      outcome === undefined || outcome === 'QUEUED' || report.outcome === outcome;
    if (outcome === 'UNDER_WAY' || outcome === 'QUEUED') {
      const active = await room.store.activeExecutions();
      const rows = outcome === 'QUEUED' ? active.filter(({ state }) => state === outcome) : active;
      return (await reports(rows.reverse())).filter(wanted).slice(0, most);
    }
    const found: ExecutionReport[] = [];
    for await (const rows of pages(room, caller, { outcome, limit: Math.max(most, pageLeast) })) {
      found.push(...(await reports(rows)).filter(wanted));
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  };
}

/** In which states an execution can be of an outcome: what was cancelled may have been completed by another. */
const statesOf = {
  COMPLETED: ['COMPLETED', 'COMPLETED_WITH_WARNINGS', 'CANCELLED'],
  CANCELLED: ['CANCELLED'],
  FAILED: ['FAILED'],
} as const satisfies Record<string, readonly State[]>;

interface Wanted {
  readonly outcome: keyof typeof statesOf | undefined;
  readonly limit: number;
}

/** Rows looked at for one list at most: a list that hardly anything fits must not hold the service. */
const scannedMax = 5_000;
const pageLeast = 50;

async function* pages(
  { store }: Room,
  caller: Caller,
  { outcome, limit }: Wanted,
): AsyncGenerator<readonly Execution[]> {
  const user = caller.role === 'ADMIN' ? undefined : caller.name;
  const states = outcome && statesOf[outcome];
  let after: number | undefined;
  for (let scanned = 0; scanned < scannedMax; scanned += limit) {
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const rows = await store.listExecutionsOfUser(user, page, states);
    yield rows;
    if (rows.length < limit) return;
    after = rows.at(-1)?.id;
  }
}

type Reporter = (rows: readonly Execution[]) => Promise<readonly ExecutionReport[]>;

/** Reports on those rows whose task is there and the caller's; each task is read once. */
function reporter(room: Room, caller: Caller): Reporter {
  const tasks = new Map<number, Promise<Task | undefined>>();
  const taskOf = (id: number) => {
    const task = tasks.get(id) ?? room.store.taskById(id);
    tasks.set(id, task);
    return task;
  };
  const report = async (execution: Execution) => {
    const task = await taskOf(execution.taskId);
    if (!task || !maySee(caller, task.user)) return undefined;
    return reportExecution(room, task, execution);
  };
  return async (rows) => (await Promise.all(rows.map(report))).filter((each) => each !== undefined);
}
