import { once } from 'node:events';
import { request as h1Request, type IncomingHttpHeaders } from 'node:http';
import { connect as h2Connect } from 'node:http2';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import type { LibraryServer } from './library-server.js';

export interface TestRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

export interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** Sends a request as it stands, without any normalising, and reads the whole response. */
export type Send = (request: TestRequest) => Promise<TestResponse>;

/** A sender for a server of the given HTTP version; each request has a connection of its own. */
export function sender(server: LibraryServer, version: 1 | 2): Send {
  return version === 1
    ? (request) => sendH1(server, request)
    : (request) => sendH2(server, request);
}

/** Writes bytes to a socket and reads all that comes back until the server closes it. */
export async function sendRaw(server: LibraryServer, bytes: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  socket.end(bytes);
  return await text(socket);
}

async function sendH1(server: LibraryServer, request: TestRequest): Promise<TestResponse> {
  const { method = 'GET', path, headers = {}, body } = request;
  const sent = h1Request({
    host: '127.0.0.1',
    port: server.port,
    method,
    path,
    headers,
    agent: false,
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const bytes = await buffer(response);
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() };
}

async function sendH2(server: LibraryServer, request: TestRequest): Promise<TestResponse> {
  const { method = 'GET', path, headers = {}, body } = request;
  const session = h2Connect(server.url);
  try {
    const endStream = body === undefined;
    const stream = session.request({ ':method': method, ':path': path, ...headers }, { endStream });
    if (!endStream) {
      stream.end(body);
    }
    const [received] = await once(stream, 'response');
    const bytes = Buffer.concat(await stream.toArray());
    return { status: received[':status'], headers: received, bytes, text: bytes.toString() };
  } finally {
    session.close();
  }
}
