import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { eventually } from '../../support/eventually.js';

/** A request as clients of Datameer make it. */
export interface Sent {
  /** Default GET. */
  readonly method?: string;
  /** Path and query, sent as they are. */
  readonly target: string;
  /** Whose password goes with it; null: nobody's. Default c1. */
  readonly user?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends a request without making its target any nicer, as `fetch` would. */
export function send(server: { readonly url: string }, sent: Sent): Promise<Answer> {
  const { method = 'GET', target, user = 'c1', headers = {}, body } = sent;
  const { hostname, port } = new URL(server.url);
  const authorization =
    user === null
      ? undefined
      : `Basic ${Buffer.from(`${user}:password-${user}`).toString('base64')}`;
  return new Promise((resolve, reject) => {
    const req = request(
      {
        hostname,
        port,
        method,
        path: target,
        headers: { ...(authorization ? { authorization } : {}), ...headers },
      },
      (res) => {
        text(res).then(
          (read) => resolve({ status: res.statusCode ?? 0, headers: res.headers, text: read }),
          reject,
        );
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}

/** Sends a request, expects 200, and reads the JSON. */
export async function ask(server: { readonly url: string }, sent: Sent) {
  const answer = await send(server, sent);
  if (answer.status !== 200) throw new Error(`${sent.target}: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text);
}

const reachMs = 60_000;

/** Waits until a job has this status, and answers the whole answer. */
export function reach(
  server: { readonly url: string },
  file: number,
  statuses: readonly string[],
): Promise<Record<string, unknown>> {
  return eventually(
    async () => {
      const job = await ask(server, { target: `/api/job-execution/${file}/status` });
      if (statuses.includes(job['job-status'])) return job;
      throw new Error(JSON.stringify(job));
    },
    { deadlineMs: reachMs, what: `${statuses.join(' or ')} of job ${file}` },
  );
}
