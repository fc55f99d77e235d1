import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of either HTTP version. */
export type HttpRequest = IncomingMessage | Http2ServerRequest;

/** A response of either HTTP version. */
export type HttpResponse = ServerResponse | Http2ServerResponse;

/** Answers one request. It may throw: the server then answers 500 and logs. */
export type HttpHandler = (req: HttpRequest, res: HttpResponse) => void;

/** The path a request asks for, as it was sent, without the query. */
export function pathOf(req: HttpRequest): string {
  const { url = '' } = req;
  const queryAt = url.indexOf('?');
  return queryAt < 0 ? url : url.slice(0, queryAt);
}

/** Sends `body` as the whole answer. HEAD requests get the same header and no body (Node drops it). */
export function replyJson(res: HttpResponse, status: number, body: object): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  res.statusCode = status;
  res.setHeader('content-type', 'application/json');
  res.setHeader('content-length', bytes.length);
  res.end(bytes);
}

/** Sends a line for people, where clients of a protocol go by the status alone and would take JSON for an error of theirs. */
export function replyText(res: HttpResponse, status: number, text: string): void {
  const bytes = Buffer.from(`${text}\n`);
  res.statusCode = status;
  res.setHeader('content-type', 'text/plain; charset=utf-8');
  res.setHeader('content-length', bytes.length);
  res.end(bytes);
}

/** Answers OPTIONS: the methods that are served. */
export function replyAllowed(res: HttpResponse, methods: string): void {
  res.statusCode = 204;
  res.setHeader('allow', methods);
  res.end();
}

/** A bare 404, from which clients of all three RPC protocols conclude "unimplemented". */
export function replyNotFound(_req: HttpRequest, res: HttpResponse): void {
  res.statusCode = 404;
  res.end();
}

/** Whether nobody can receive what is written to `res` from now on. */
export function isGone(res: HttpResponse): boolean {
  return 'stream' in res ? res.stream.destroyed || res.stream.closed : res.destroyed;
}

/** Breaks the exchange off: a reset stream for HTTP/2, a closed connection for HTTP/1. */
export function cutOff(req: HttpRequest, h2Code: number): void {
  if ('stream' in req) req.stream.close(h2Code);
  else req.socket.destroy();
}
