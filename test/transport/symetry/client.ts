import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { formatUtc } from '../../../src/secrets/symetry-date.js';
import { type SymetryServer, secretKey } from './symetry-server.js';

/** A request as a client of the documented API makes it; written from the document, not from the server. */
export interface SymetryRequest {
  readonly verb?: string;
  /** Path and query. */
  readonly target: string;
  /** Sent as it is. */
  readonly body?: string;
  readonly cid?: string;
  readonly symDate?: string;
  /** The path in the signature, if it is not the one that is sent. */
  readonly signedPath?: string;
  /** Whether the header Content-MD5 is sent. */
  readonly sendsMd5?: boolean;
  /** Replace or, if undefined, take out headers. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Another key than the user's. */
  readonly key?: string;
}

/** An answer, with the envelope already read. */
export interface SymetryAnswer {
  readonly status: number;
  readonly text: string;
  readonly statusCode: string;
  readonly statusString: string;
  readonly values: Record<string, unknown>;
}

/** Signs and sends a request. */
export async function send(server: SymetryServer, request: SymetryRequest): Promise<SymetryAnswer> {
  const { target, body, headers: changed = {} } = request;
  const headers = new Headers(signedHeaders(request));
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  const response = await fetch(server.url + target, {
    method: request.verb ?? 'GET',
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return answerOf(response.status, await response.text());
}

/** Reads an answer; throws if it is no envelope. */
export function answerOf(status: number, text: string): SymetryAnswer {
  const envelope = JSON.parse(text);
  const members = Object.keys(envelope).join();
  if (members !== 'statusCode,statusString,values') throw new Error(`no envelope: ${text}`);
  return { status, text, ...envelope };
}

/** The headers of a signed request. */
export function signedHeaders(request: SymetryRequest): Record<string, string> {
  const { verb = 'GET', target, body = '', cid = 'c1', key = secretKey, sendsMd5 = true } = request;
  const [path = '', query] = target.split('?');
  const symDate = request.symDate ?? `${formatUtc(Date.now())};000000`;
  const md5 = body === '' ? '' : createHash('md5').update(body).digest('base64');
  const lines = [verb, md5, key, symDate, cid];
  if (body !== '') lines.push(body);
  lines.push(request.signedPath ?? path);
  if (query !== undefined) lines.push(query);
  const authorization = createHmac('sha256', Buffer.from(key, 'base64'))
    .update(`${lines.join('\n')}\n`)
    .digest('base64');
  return {
    authorization,
    'sym-date': symDate,
    'sym-version': '6.3',
    ...(sendsMd5 && md5 !== '' ? { 'content-md5': md5 } : {}),
    ...(body === '' ? {} : { 'content-type': 'application/json' }),
  };
}

/** Encrypts a body as the document says. */
export function encrypted(text: string, key = secretKey): string {
  const iv = Buffer.from('2f3339414b576575879bb1c9e3001e3e', 'hex');
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), iv);
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
}

/** The params of a task that runs the model iris. */
export const irisParams: Readonly<Record<string, unknown>> = {
  'sml.kstream.source.topic': 'sml-ks-test',
  'sml.kstream.sink.topic': 'sml-ks-pres-test',
  'sml.kstream.app.id': 'smlks-app-v1',
  'sml.kstream.client.id': 'smlks-client-v1',
  'sml.kstream.model.b64file': '/datasets/rez/iris',
  'sml.kstream.record.poll.max': '500',
  'sml.kstream.schedule.ms': '5000',
  'enable.auto.commit': 'false',
  'sml.task.heap.min': '1024m',
  'sml.task.heap.max': '2048m',
};

/** Defines a task by an encrypted TaskInfo. */
export function createTask(
  server: SymetryServer,
  name: string,
  {
    params = {},
    query = '',
    cid = 'c1',
  }: {
    /** Beside those of a task that is right. */
    readonly params?: Readonly<Record<string, unknown>>;
    readonly query?: string;
    readonly cid?: string;
  } = {},
): Promise<SymetryAnswer> {
  const info = { type: 'kafka', name, params: { ...irisParams, ...params } };
  const body = encrypted(JSON.stringify(info));
  const target = `/symetry/rest/${cid}/tasks/create${query}`;
  return send(server, { verb: 'POST', target, body, cid });
}
