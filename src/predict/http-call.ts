import { type IncomingMessage, request } from 'node:http';
import type { ISocketFactory } from 'kafkajs';

/** One HTTP exchange with a server that a task names. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A longer answer fails. */
  readonly bytesMax: number;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Makes the connection, or refuses the address. */
  readonly socketFactory: ISocketFactory;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** An answer that did not come, or not completely. */
export class HttpCallError extends Error {
  override readonly name = 'HttpCallError';
}

/**
 * Makes a call: no redirects are followed, nothing is kept open, and the connection is the socket factory's, which knows
 * where tasks may connect. Throws HttpCallError, or the factory's own error if the address is refused.
 */
export async function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    return await exchange(call, signal);
  } catch (error) {
    if (isRefusal(error)) throw error;
    const why = signal.aborted ? `no answer within ${call.timeoutMs} ms` : messageOf(error);
    throw new HttpCallError(`${call.url.origin}: ${why}`, { cause: error });
  }
}

function exchange(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, body = '', socketFactory } = call;
  const ssl = url.protocol === 'https:';
  const port = Number(url.port) || (ssl ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const sent = request({
      method,
      path: url.pathname + url.search,
      headers: {
        host: url.host,
        ...call.headers,
        ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      setHost: false,
      signal,
      createConnection() {
        // Without options of its own TLS trusts the system's authorities.
        const tls = ssl ? { ssl: {} } : {};
        const target = { host, port, ...tls, onConnect: () => undefined };
        const socket = socketFactory(target as Parameters<ISocketFactory>[0]);
        // A refused address fails before the request begins to listen.
        socket.on('error', reject);
        return socket;
      },
    });
    sent.on('error', reject);
    sent.on('response', (response) => read(response, call.bytesMax).then(resolve, reject));
    sent.end(body);
  });
}

async function read(response: IncomingMessage, bytesMax: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      throw new Error(`the answer is longer than ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EGRESS_DENIED';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
