import { type EventEmitter, once } from 'node:events';
import {
  type ClientHttp2Session,
  connect as connectH2,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import type { Log } from '../../../src/transport/server/log.js';
import {
  type Server,
  type ServerOptions,
  startServer,
} from '../../../src/transport/server/server.js';
import { EchoService } from './echo-service.js';

/** Longer than anything here should take, shorter than a test run's patience. */
export const PATIENCE_MS = 10_000;

/** One line a server logged. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

export interface EchoServer extends Server {
  readonly port: number;
  readonly lines: readonly LogLine[];
}

/** Starts a server on loopback with `impl` as its echo service; it is cut when the test ends. */
export async function startEcho(
  t: TestContext,
  impl: Partial<ServiceImpl<typeof EchoService>> = {},
  options: Partial<ServerOptions> = {},
): Promise<EchoServer> {
  const lines: LogLine[] = [];
  const line = (level: LogLine['level']) => (fields: object, message: string) =>
    void lines.push({ level, fields: { ...fields }, message });
  const log: Log = { info: line('info'), warn: line('warn'), error: line('error') };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes: (router) => void router.service(EchoService, { say: echo, ...impl }),
    interceptors: baseInterceptors(log),
    readiness: () => Promise.resolve([]),
    log,
    ...options,
  });
  t.after(() => server.drain(0));
  return { ...server, port: Number(new URL(server.url).port), lines };
}

const echo: ServiceImpl<typeof EchoService>['say'] = ({ value }) =>
  create(StringValueSchema, { value });

/** Rejects when `work` takes longer than it ever should. */
export function within<T>(work: Promise<T>, ms: number = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing happened within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Resolves when `condition` holds, looking once every turn of the event loop; bound it with `within`. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

/** Opens a TCP connection that is destroyed when the test ends. */
export async function dial(t: TestContext, port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await within(once(socket, 'connect'));
  return socket;
}

/** Everything the peer sends until it closes the connection. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
  socket.resume();
  await closing(socket);
  return Buffer.concat(chunks).toString('latin1');
}

/** Resolves when `socket` has closed, with an error or without. */
export function closing(socket: EventEmitter & { readonly closed: boolean }): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return within(new Promise((resolve) => socket.once('close', () => resolve())));
}

/** Reads until the text received so far matches. */
export function readUntil(socket: Socket, pattern: RegExp): Promise<string> {
  let text = '';
  return within(
    new Promise((resolve, reject) => {
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (pattern.test(text)) resolve(text);
      });
      socket.once('close', () => reject(new Error(`closed after: ${text.slice(0, 500)}`)));
    }),
  );
}

/** Sends `text` and returns all that comes back until the server hangs up. */
export async function exchange(t: TestContext, port: number, text: string): Promise<string> {
  const socket = await dial(t, port);
  socket.write(text);
  return readAll(socket);
}

/** An HTTP/2 session with prior knowledge that is destroyed when the test ends. */
export function dialH2(t: TestContext, url: string): ClientHttp2Session {
  const session = connectH2(url, { rejectUnauthorized: false });
  session.on('error', () => {});
  t.after(() => session.destroy());
  return session;
}

/** What an HTTP/2 request was answered with. */
export interface H2Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

/** One HTTP/2 request with a whole body. */
export async function requestH2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string | Uint8Array,
): Promise<H2Answer> {
  const stream = session.request(headers);
  stream.on('error', () => {});
  stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const [head] = await within(once(stream, 'response'));
  if (!stream.readableEnded) await within(once(stream, 'end'));
  return { status: Number(head[':status']), headers: head, body: Buffer.concat(chunks) };
}

/** A promise and the function that resolves it: for events a handler tells a test. */
export function signpost<T = void>(): { reached: Promise<T>; reach: (value: T) => void } {
  let reach: (value: T) => void = () => {};
  const reached = new Promise<T>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}
