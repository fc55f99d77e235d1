import type { Registry } from 'prom-client';
import type { TaskSample } from '../domain/task-sample.js';
import type { Service } from '../service/create-service.js';
import { taskExposition } from '../telemetry/task-exposition.js';
import { acceptsGzip } from './accept.js';
import type { Authenticator } from './auth.js';
import { guarded } from './guarded.js';
import { gzipFast } from './gzip.js';
import type { HttpRequest, HttpResponse } from './server/exchange.js';
import type { PlainHandler } from './server/plain-routes.js';

/** Where a scrape gets its numbers. */
export interface Scraped {
  readonly registry: Registry;
  readonly sampleTasks: Service['sampleTasks'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Metrics for callers: admins see the service and all tasks, others the tasks that they may see. */
export function guardedMetrics(authenticator: Authenticator, scraped: Scraped): PlainHandler {
  return guarded(authenticator, 'sampleTasks', async (caller, req, res) => {
    const tasks = await scraped.sampleTasks(caller, { parent: everybody });
    await reply(req, res, await textOf(scraped, tasks, caller.role === 'ADMIN'));
  });
}

/** Metrics for whoever asks, to be served where only the operator's own scraper comes. */
export function openMetrics(scraped: Scraped): PlainHandler {
  return async (req, res) => {
    const tasks = await scraped.sampleTasks(operator, { parent: everybody });
    await reply(req, res, await textOf(scraped, tasks, true));
  };
}

const everybody = 'users/-';
const operator = { name: '', role: 'ADMIN', projects: [] } as const;

async function textOf(
  { registry, now }: Scraped,
  tasks: readonly TaskSample[],
  withService: boolean,
): Promise<string> {
  const service = withService ? await registry.metrics() : '';
  return service + taskExposition(tasks, now());
}

/** A scrape of hundreds of tasks is a megabyte that compresses to a tenth or less, off this thread. */
async function reply(req: HttpRequest, res: HttpResponse, text: string): Promise<void> {
  res.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
  res.setHeader('vary', 'accept-encoding');
  let body = Buffer.from(text);
  if (acceptsGzip(req.headers['accept-encoding'] ?? null)) {
    body = await gzipFast(body);
    res.setHeader('content-encoding', 'gzip');
  }
  res.setHeader('content-length', body.length);
  res.end(body);
}
