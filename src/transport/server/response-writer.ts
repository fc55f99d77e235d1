import { constants } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { cutOff, type HttpRequest, type HttpResponse, isGone } from './exchange.js';
import { endResponse } from './leftover.js';
import type { Limits } from './limits.js';
import type { RequestBody } from './request-body.js';

/** The two ends of one HTTP exchange and the bounds it is held to. */
export interface Exchange {
  readonly req: HttpRequest;
  readonly res: HttpResponse;
  readonly body: RequestBody;
  readonly limits: Limits;
}

/**
 * Writes an answer at the pace of its reader. Resolves when all is written or the client has gone;
 * in both cases the handler behind the body has been told to stop, so its `finally` runs.
 */
export async function writeAnswer(answer: UniversalServerResponse, to: Exchange): Promise<void> {
  const { req, res, limits } = to;
  const output = answer.body?.[Symbol.asyncIterator]();
  try {
    // Headers go out with the first chunk: until then the handler may still set some.
    let chunk = await output?.next();
    setHead(res, answer);
    for (; chunk !== undefined && chunk.done !== true; chunk = await output?.next()) {
      if (await write(to, chunk.value)) continue;
      const gone = new ConnectError('the client has gone', Code.Canceled);
      output?.throw?.(gone)?.catch(() => {});
      return;
    }
    if (isGone(res)) return;
    if (answer.trailer !== undefined) {
      // Trailers need a header that left before them: HTTP/2 drops them otherwise, and HTTP/1 has no chunk to end with.
      if (!res.headersSent) res.writeHead(res.statusCode);
      if (!('stream' in res)) res.flushHeaders();
      res.addTrailers(withPlainMessage(plain(answer.trailer)));
    }
    to.body.close();
    await endResponse(req, res, limits);
  } finally {
    output?.return?.()?.catch(() => {});
  }
}

/** Writes at the pace of the reader; false when nobody can receive the rest. A promise only if it has to wait. */
export function write(to: Exchange, bytes: Uint8Array): boolean | Promise<boolean> {
  if (isGone(to.res)) return false;
  const sink: { write(chunk: Uint8Array): boolean } = to.res;
  return sink.write(bytes) || drained(to);
}

function drained({ req, res, limits }: Exchange): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer);
      res.off('drain', settle);
      res.off('close', settle);
      resolve(!isGone(res));
    };
    const timer = setTimeout(() => cutOff(req, constants.NGHTTP2_CANCEL), limits.stalledWriteMs);
    res.once('drain', settle);
    // A client that disconnects while it owes a 'drain' only causes a 'close'.
    res.once('close', settle);
  });
}

function setHead(res: HttpResponse, answer: UniversalServerResponse): void {
  res.statusCode = answer.status;
  for (const [name, value] of Object.entries(plain(answer.header))) res.setHeader(name, value);
}

/**
 * Connect escapes slashes and colons in the message of a status, too, which gRPC does not ask for. The client of gRPC for
 * Node only undoes the escapes of a whole URI, and would show the others.
 */
function withPlainMessage(trailer: Fields): Fields {
  const { 'grpc-message': message } = trailer;
  if (typeof message !== 'string') return trailer;
  return { ...trailer, 'grpc-message': encodeURI(decodeURIComponent(message)) };
}

type Fields = Record<string, string | string[]>;

function plain(headers: ConstructorParameters<typeof Headers>[0]): Fields {
  const all = new Headers(headers);
  const cookies = all.getSetCookie();
  const entries = Object.fromEntries(all);
  return cookies.length > 0 ? { ...entries, 'set-cookie': cookies } : entries;
}
