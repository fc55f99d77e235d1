import { type ContextKey, type ContextValues, createContextKey } from '@connectrpc/connect';
import type { Binding } from './routing/http-rule.js';

/** What arrived, before anything was interpreted: the ground for signatures and access logs. */
export interface RestRequest {
  /** The HTTP method as sent, `HEAD` included. */
  readonly method: string;
  /**
   * Scheme and authority that the caller used, such as `https://host:8443`; undefined if the
   * authority is not valid.
   */
  readonly origin: string | undefined;
  /** The request target as sent, escapes and all. */
  readonly target: string;
  /** The part of the target before `?`, as sent. */
  readonly rawPath: string;
  /** The part of the target after `?`, as sent; undefined without a `?`. */
  readonly rawQuery: string | undefined;
  readonly header: Headers;
  /** The body as it came over the wire. Empty while a `google.api.HttpBody` is streamed in. */
  readonly wireBody: Uint8Array;
  /** The body after its content encoding was removed; the same bytes if there was none. */
  readonly body: Uint8Array;
}

/** One REST request on its way through the engine, seen by representations and interceptors. */
export interface RestCall {
  readonly request: RestRequest;
  /** The matched route; undefined for requests that match none (404, 405, malformed paths). */
  readonly route: Binding | undefined;
  /** The same values that interceptors and the implementation see. */
  readonly values: ContextValues;
  /** Headers set by interceptors and the implementation; sent unless the reply overrides them. */
  readonly responseHeader: Headers;
  /** The status asked for with setHttpStatus; a representation is free to follow it. */
  status: number | undefined;
}

/** Where interceptors and implementations find the REST call; undefined for RPC protocols. */
export const restCallKey: ContextKey<RestCall | undefined> = createContextKey<RestCall | undefined>(
  undefined,
  { description: 'the REST call' },
);

/**
 * Asks for an HTTP status other than 200 for the answer of a call that succeeds. Does nothing for
 * calls that came over an RPC protocol, so that an implementation need not know who asks.
 */
export function setHttpStatus(values: ContextValues, status: number): void {
  const call = values.get(restCallKey);
  if (call !== undefined) {
    call.status = status;
  }
}
