import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../../support/eventually.js';
import type { KandasearchServer } from './kandasearch-server.js';

/** A task as KandaSearch's clients see it. */
export interface TaskObject {
  readonly id: string;
  readonly projectId: string;
  readonly instanceSetId: string;
  readonly targetId: string;
  readonly date: string;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly status: string;
  readonly error: string | null;
}

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  readonly body: Envelope;
}

export interface Envelope {
  readonly status?: string;
  readonly result?: TaskObject;
  readonly error?: { readonly message: string };
}

interface Asking {
  readonly path: string;
  readonly method?: string;
  /** Default: boss's. Empty: none is sent. */
  readonly token?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array | FormData;
}

/** Calls the server, and reads the answer as JSON where it is some. */
export async function ask({ url }: { readonly url: string }, asking: Asking): Promise<Answer> {
  const { path, method = 'GET', token = 'token-boss', type, body } = asking;
  const headers = new Headers();
  if (token !== '') headers.set('authorization', `Bearer ${token}`);
  if (type !== undefined) headers.set('content-type', type);
  const response = await fetch(`${url}${path}`, { method, headers, ...(body ? { body } : {}) });
  const text = await response.text();
  const contentType = response.headers.get('content-type');
  const isJson = contentType === 'application/json';
  return { status: response.status, type: contentType, text, body: isJson ? JSON.parse(text) : {} };
}

/** The path of the tasks of a project and an instance set. */
export function basePath(project = randomUUID(), instanceSet = randomUUID()): string {
  return `/external/v1/projects/${project}/instance-sets/${instanceSet}/tasks`;
}

/** Makes a task and answers its path. */
export async function createTask(
  server: KandasearchServer,
  targetId: string,
  base = basePath(),
): Promise<{ readonly task: TaskObject; readonly path: string }> {
  const body = JSON.stringify({ targetId });
  const answer = await ask(server, { path: base, method: 'POST', type: 'application/json', body });
  const task = resultOf(answer);
  return { task, path: `${base}/${task.id}` };
}

/** Executes a command; `files` are contents. */
export function act(
  server: KandasearchServer,
  path: string,
  command: { readonly action: unknown; readonly files?: readonly (string | Uint8Array)[] },
): Promise<Answer> {
  const form = new FormData();
  const data = JSON.stringify({ data: command.action });
  form.append('data', new Blob([data], { type: 'application/json' }));
  for (const file of command.files ?? []) form.append('file', new Blob([file]), 'records.jsonl');
  return ask(server, { path: `${path}/action`, method: 'POST', body: form });
}

/** The task in an answer that says OK. */
export function resultOf({ status, type, text, body }: Answer): TaskObject {
  assert.equal(status, 200, text);
  assert.equal(type, 'application/json');
  assert.equal(body.status, 'OK', text);
  assert(body.result, text);
  assert.deepEqual(Object.keys(body), ['status', 'result']);
  return body.result;
}

/** The message of an answer that says ERROR. */
export function errorOf({ status, type, text, body }: Answer, httpStatus = 200): string {
  assert.equal(status, httpStatus, text);
  assert.equal(type, 'application/json');
  assert.equal(body.status, 'ERROR', text);
  assert.deepEqual(Object.keys(body), ['status', 'error']);
  assert.deepEqual(Object.keys(body.error ?? {}), ['message']);
  const { message = '' } = body.error ?? {};
  assert.notEqual(message, '');
  assert.notEqual(message, 'internal error');
  return message;
}

/** Polls the task until it is in one of the states. */
export function reach(
  server: KandasearchServer,
  path: string,
  states: readonly string[],
): Promise<TaskObject> {
  return eventually(
    async () => {
      const task = resultOf(await ask(server, { path }));
      return states.includes(task.status) && task;
    },
    { deadlineMs: 60_000, what: `the task in one of ${states.join(', ')}` },
  );
}
