import { Faults } from '../domain/faults.js';
import { asksForState, type Filter, matches, parseFilter } from '../domain/filter.js';
import { parseUserScope } from '../domain/names.js';
import { parseOrderBy } from '../domain/order-by.js';
import { pageLimit, pageToken, parsePageToken } from '../domain/page-token.js';
import type { TaskOrder, TaskQuery } from '../domain/ports.js';
import type { Task } from '../domain/task.js';
import type { Caller } from '../domain/user.js';
import { findUser } from './access.js';
import type { Room } from './deps.js';
import { type TaskView, viewStored } from './views.js';

export interface ListTasksRequest {
  /** `users/{user}`, or `users/-` for all that the caller may see. */
  readonly parent: string;
  readonly pageSize?: number;
  readonly pageToken?: string;
  readonly filter?: string;
  readonly orderBy?: string;
}

export interface TaskPage {
  readonly tasks: readonly TaskView[];
  /** Empty after the last page. */
  readonly nextPageToken: string;
}

/** Lists tasks by keyset, so that a page neither repeats nor skips what others insert or delete meanwhile. */
export function listTasks(room: Room) {
  return async (caller: Caller, request: ListTasksRequest): Promise<TaskPage> => {
    const { scope, query, filter, mark } = read(request);
    const user = await usersOf(room, caller, scope);
    const { tasks, next } = await scan(room, {
      filter,
      query: { ...query, ...(user === undefined ? {} : { user }) },
    });
    const nextPageToken = next ? pageToken(mark, [sortValue(next, query.order), next.id]) : '';
    return { tasks, nextPageToken };
  };
}

/** The user whose tasks a scope covers, undefined for all; USER_NOT_FOUND if they are not the caller's to see. */
export async function usersOf(
  room: Pick<Room, 'store'>,
  caller: Caller,
  scope: string | undefined,
): Promise<string | undefined> {
  if (scope !== undefined) return (await findUser(room.store, caller, scope)).name;
  return caller.role === 'ADMIN' ? undefined : caller.name;
}

interface Read {
  readonly scope: string | undefined;
  readonly query: TaskQuery;
  readonly filter: Filter;
  /** What the page token is bound to. */
  readonly mark: readonly unknown[];
}

function read(request: ListTasksRequest): Read {
  const faults = new Faults();
  const { parent, filter: filterText = '', orderBy = '' } = request;
  const scope = faults.try(() => parseUserScope(parent, 'parent'));
  const filter = faults.try(() => parseFilter(filterText)) ?? [];
  const sorting = faults.try(() => parseOrderBy(orderBy)) ?? { order: 'name', descending: false };
  const limit = faults.try(() => pageLimit(request.pageSize ?? 0)) ?? 0;
  const mark = ['tasks', parent, filter, sorting];
  const type = sorting.order === 'name' ? 'string' : 'number';
  const key = faults.try(() => parsePageToken(request.pageToken ?? '', mark, [type, 'number']));
  faults.throwIfAny();
  const [value, id] = key ?? [];
  const after = value !== undefined && typeof id === 'number' ? { after: { value, id } } : {};
  return { scope, query: { ...sorting, ...after, limit }, filter, mark };
}

/** Rows looked at for one page at most: a filter that fits nothing must not hold the service. */
const scannedMax = 5_000;
const batchLeast = 50;

interface Scan {
  readonly filter: Filter;
  readonly query: TaskQuery;
}

interface Found {
  readonly tasks: readonly TaskView[];
  /** The last row that was used up, if there may be more after it. */
  readonly next?: Task;
}

async function scan(room: Room, { filter, query }: Scan): Promise<Found> {
  const tasks: TaskView[] = [];
  let { after } = query;
  let last: Task | undefined;
  const limit = Math.max(query.limit + 1, batchLeast);
  for (let scanned = 0; scanned < scannedMax; scanned += limit) {
    const active = room.supervisor.observeActive();
    const page = { ...query, limit, ...(after ? { after } : {}) };
    const rows = await room.store.listTasksWithNewest(page);
    const now = room.clock.now();
    for (const row of rows) {
      if (!asksForState(filter) && !matches(filter, row.task, 'UNKNOWN')) continue;
      if (tasks.length === query.limit && last) return { tasks, next: last };
      const view = viewStored(row, active, now);
      if (!matches(filter, view.task, view.status.state)) continue;
      tasks.push(view);
      last = view.task;
    }
    const end = rows.at(-1)?.task;
    if (rows.length < limit || !end) return { tasks };
    if (tasks.length < query.limit) last = end;
    after = { value: sortValue(end, query.order), id: end.id };
  }
  return { tasks, ...(last ? { next: last } : {}) };
}

function sortValue(task: Task, order: TaskOrder): string | number {
  return task[order];
}
