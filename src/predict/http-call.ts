import { type IncomingMessage, request } from 'node:http';
import type { ISocketFactory } from 'kafkajs';
import { HttpConnection, isRefusal } from './http-connection.js';

/** One HTTP exchange with a server that a task names. */
export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** A longer answer fails. */
  readonly bytesMax: number;
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** One that is kept, or what makes one for this call, or refuses the address. */
  readonly connection: HttpConnection | ISocketFactory;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** The header of this name; empty if there is none. */
  readonly retryAfter: string;
}

/** An answer that did not come, or not completely. */
export class HttpCallError extends Error {
  override readonly name = 'HttpCallError';
}

/** An answer of more bytes than the call takes. */
export class AnswerTooLongError extends HttpCallError {}

/** Makes a call; no redirects are followed. Throws HttpCallError, or the refusal of an address. */
export async function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  try {
    return await exchange(call, signal);
  } catch (error) {
    if (isRefusal(error) || error instanceof AnswerTooLongError) throw error;
    const why = signal.aborted ? `no answer within ${call.timeoutMs} ms` : messageOf(error);
    throw new HttpCallError(`${call.url.origin}: ${why}`, { cause: error });
  }
}

function exchange(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
  const { method, url, body = '', connection } = call;
  const agent =
    connection instanceof HttpConnection ? connection : new HttpConnection(url, connection);
  return new Promise((resolve, reject) => {
    const sent = request({
      method,
      // The agent connects; this only says what the request is for.
      host: url.hostname,
      path: url.pathname + url.search,
      headers: {
        host: url.host,
        ...call.headers,
        ...(body.length === 0 ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
      setHost: false,
      signal,
      agent,
    });
    agent.onRefusal = (error) => {
      reject(error);
      sent.destroy();
    };
    let isAnswered = false;
    sent.on('error', (error) => {
      // The server ended the connection that was kept: that says nothing of this call, unless its answer has begun.
      const isLost = sent.reusedSocket && !isAnswered && !signal.aborted;
      if (isLost) exchange(call, signal).then(resolve, reject);
      else reject(error);
    });
    sent.on('response', (response) => {
      isAnswered = true;
      read(response, call).then(resolve, reject);
    });
    sent.end(body);
  });
}

async function read(response: IncomingMessage, { url, bytesMax }: HttpCall): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      response.destroy();
      throw new AnswerTooLongError(`${url.origin}: the answer is longer than ${bytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString('utf8'),
    retryAfter: response.headers['retry-after'] ?? '',
  };
}

/** A URL that paths below it can be resolved against. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
