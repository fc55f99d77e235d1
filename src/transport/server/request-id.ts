import { type ContextKey, createContextKey } from '@connectrpc/connect';
import type { HttpRequest } from './exchange.js';

/** The response header that names a request, so that a caller can quote it and the log can be searched. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Where handlers and interceptors find the id of the request they serve; empty outside the server. */
export const requestIdKey: ContextKey<string> = createContextKey('', {
  description: 'request id',
});

/** Returns the id of a request the server has accepted, or an empty text for any other. */
export function requestIdOf(req: NamedRequest): string {
  return req[ownId] ?? '';
}

/** Takes over the caller's id if it is harmless in a log line, else uses `newId`. */
export function assignRequestId(req: NamedRequest, newId: () => string): string {
  const given = req.headers[REQUEST_ID_HEADER];
  const id = typeof given === 'string' && HARMLESS.test(given) ? given : newId();
  req[ownId] = id;
  return id;
}

const HARMLESS = /^[\w.:-]{1,64}$/;
const ownId: unique symbol = Symbol('request id');

/** Kept on the request: a map of all requests would be work for every garbage collection. */
type NamedRequest = HttpRequest & { [ownId]?: string };
