import type { Event, Execution } from '../../../gen/ts/predictd/v1/execution_pb.js';
import type { Model } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { executions, models, tasks } from './clients.js';

const pageSize = 1_000;

/** The whole history of a task that is kept, oldest first. */
export async function allEvents(parent: string, signal: AbortSignal): Promise<readonly Event[]> {
  return pages(async (pageToken) => {
    const answer = await tasks.listEvents({ parent, pageSize, pageToken }, { signal });
    return [answer.events, answer.nextPageToken];
  });
}

/** The newest executions of a task, newest first. */
export async function newestExecutions(
  parent: string,
  signal: AbortSignal,
): Promise<readonly Execution[]> {
  return (await executions.listExecutions({ parent, pageSize: 100 }, { signal })).executions;
}

/** All models of a user. */
export async function allModels(parent: string, signal: AbortSignal): Promise<readonly Model[]> {
  return pages(async (pageToken) => {
    const answer = await models.listModels({ parent, pageSize, pageToken }, { signal });
    return [answer.models, answer.nextPageToken];
  });
}

async function pages<T>(
  read: (pageToken: string) => Promise<readonly [readonly T[], string]>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token = '';
  do {
    const [page, next] = await read(token);
    all.push(...page);
    token = next;
  } while (token !== '');
  return all;
}
