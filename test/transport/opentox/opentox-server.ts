import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { Execution } from '../../../src/domain/execution.js';
import type { State } from '../../../src/domain/state.js';
import { hashToken } from '../../../src/secrets/tokens.js';
import type { Service } from '../../../src/service/create-service.js';
import { type Authenticator, createAuthenticator } from '../../../src/transport/auth.js';
import { createOpentox } from '../../../src/transport/opentox/dialect.js';
import { irisTask, openWorld, upload } from '../../service/world.js';
import { serveDialect } from '../dialect-server.js';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Ask {
  readonly method?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a path as it stands, and reads the whole answer. */
export type Send = (path: string, ask?: Ask) => Promise<Answer>;

/** Sends without credentials. */
export function sender(url: string): Send {
  const { hostname, port } = new URL(url);
  return (path, { method = 'GET', accept, headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const all: Record<string, string> = { ...headers };
      if (accept !== undefined) all.accept = accept;
      // Node frames no body of a GET by itself.
      if (body !== undefined) all['content-length'] = String(Buffer.byteLength(body));
      const sent = httpRequest({ hostname, port, method, path, headers: all, agent: false });
      sent.once('error', reject);
      sent.once('response', (response) => {
        const { statusCode = 0, headers: received } = response;
        const type = received['content-type'] ?? '';
        text(response).then(
          (body) => resolve({ status: statusCode, type, text: body, headers: received }),
          reject,
        );
      });
      sent.end(body);
    });
}

/** Serves the core and OpenTox on a real listener. */
export async function listen(
  t: TestContext,
  parts: { service: Service; authenticator: Authenticator; publicUrl?: string },
) {
  const { service, authenticator, publicUrl } = parts;
  const dialect = createOpentox({ service, authenticator, publicUrl, now: Date.now });
  const server = await serveDialect({ service, authenticator }, dialect);
  t.after(() => server.drain(0));
  const bare = sender(server.url);
  const as =
    (user: string): Send =>
    (path, ask = {}) =>
      bare(path, { ...ask, headers: { subjectid: `token-${user}`, ...ask.headers } });
  const { url, faults } = server;
  return { url, faults, bare, as, send: as('c1') };
}

/** OpenTox over the use cases on a real store. c1 has a model; `run` makes a task of c1 with one execution. */
export async function startOpentox(t: TestContext, options: { publicUrl?: string } = {}) {
  const world = await openWorld(t);
  const { service, store, supervisor, c1 } = world;
  const authenticator = createAuthenticator({
    store,
    hashToken,
    verifyPassword: async ({ password, passwordHash }) =>
      createHash('sha256').update(password).digest('hex') === passwordHash,
    now: Date.now,
  });
  const server = await listen(t, { service, authenticator, ...options });
  await upload(service, c1, 'iris');
  supervisor.tasksMax = 100;
  const run = async (name: string, state: State = 'RUNNING', change: Partial<Execution> = {}) => {
    await service.createTask(c1, { parent: 'users/me', taskId: name, task: irisTask });
    const { execution } = await service.startTask(c1, { name: `users/me/tasks/${name}` });
    const ended = state === 'RUNNING' || state === 'QUEUED' ? {} : { endedAt: Date.now() };
    const now = { ...execution, state, ...ended, ...change };
    await store.write((writes) => writes.updateExecution(now));
    const path = `/task/${execution.uid}`;
    return { ...now, path, uri: `${options.publicUrl ?? server.url}${path}` };
  };
  return { ...world, ...server, run };
}

/** The lines of a URI list; each has to be an absolute URI. */
export function urisOf({ type, text: body }: Answer): readonly string[] {
  assert.match(type, /^text\/uri-list/);
  const uris = body === '' ? [] : body.split('\n');
  for (const uri of uris) assert.match(uri, /^https?:\/\/[^\s]+$/);
  return uris;
}
