import type { Event } from '../../domain/event.js';
import { limits } from '../../domain/limits.js';
import type { Caller } from '../../domain/user.js';
import type { Service } from '../../service/create-service.js';
import type { ExecutionReport } from '../../service/execution-report.js';

/** The newest events of an execution, oldest first, at most as many as a page of events has. */
export async function readHistory(
  service: Service,
  caller: Caller,
  id: string,
): Promise<{ readonly report: ExecutionReport; readonly events: readonly Event[] }> {
  const report = await service.findExecution(caller, { id });
  const { number } = report.execution;
  const request = { parent: report.task, pageSize: limits.pageMax };
  let events: Event[] = [];
  let pageToken = '';
  do {
    const page = await service.listEvents(caller, { ...request, pageToken });
    const own = page.events.filter(({ executionNumber }) => executionNumber === number);
    events = [...events, ...own].slice(-limits.pageMax);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return { report, events };
}
