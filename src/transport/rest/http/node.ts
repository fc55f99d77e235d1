import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { constants, type Http2ServerRequest } from 'node:http2';
import type { RequestHeader } from '../../cors.js';
import { restError } from '../errors.js';

/** A request of Node's HTTP/1.1 server or of the compatibility face of its HTTP/2 server. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/**
 * The response that belongs to a NodeRequest: what `http.ServerResponse`, `Http2ServerResponse` and
 * the responses of Connect's adapter have in common at run time, whatever their types promise.
 */
export interface NodeResponse {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  readonly destroyed: boolean;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  write(piece: string | Uint8Array): boolean;
  end(body: string | Uint8Array): unknown;
  destroy(): unknown;
  /** Only over HTTP/2. */
  readonly stream?: {
    close(code: number): void;
    readonly destroyed: boolean;
    readonly closed: boolean;
  };
  on(event: string, listener: () => void): unknown;
  listenerCount(event: string): number;
  off(event: string, listener: () => void): unknown;
}

/**
 * The absolute URL that interceptors see. Throws 400 for a `Host` or `:authority` that a URL
 * parser would refuse, so that nobody behind the engine has to expect that.
 */
export function requestUrl(req: NodeRequest): string {
  const origin = requestOrigin(req);
  if (origin === undefined) {
    throw restError(400, 'host: is not a valid authority');
  }
  return `${origin}${req.url ?? '/'}`;
}

/** Scheme and authority of a request; undefined if the authority is not valid. */
export function requestOrigin(req: NodeRequest): string | undefined {
  const authority = 'authority' in req ? req.authority : req.headers.host;
  if (authority !== undefined && authority !== lastValid) {
    if (!authorityPattern.test(authority)) {
      return undefined;
    }
    lastValid = authority;
  }
  const encrypted = 'encrypted' in req.socket && req.socket.encrypted === true;
  // HTTP/1.0 may come without a host; no host of ours is meant to be guessed from it.
  return `${encrypted ? 'https' : 'http'}://${authority ?? 'localhost'}`;
}

/** A request's headers to be asked one by one: a lookup there costs a tenth of one in `Headers`. */
export function fieldsOf(req: NodeRequest): RequestHeader {
  return {
    get(name) {
      const value = req.headers[name];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
  };
}

/** The request's headers without HTTP/2's pseudo-headers. */
export function requestHeader(req: NodeRequest): Headers {
  const header = new Headers();
  const fields: Record<string, string | string[] | undefined> = req.headers;
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || name.startsWith(':')) {
      continue;
    }
    if (typeof value === 'string') {
      header.set(name, value);
    } else {
      for (const each of value) {
        header.append(name, each);
      }
    }
  }
  return header;
}

/** Whether nobody can receive what is written to a response from now on. */
export function isGone(res: NodeResponse): boolean {
  return res.stream === undefined ? res.destroyed : res.stream.destroyed || res.stream.closed;
}

/**
 * Breaks a response off, so that the caller sees that it is not complete. Over HTTP/2 only a reset
 * with an error code says so: destroying the stream would look like its regular end.
 */
export function cutResponse(res: NodeResponse): void {
  if (res.stream === undefined) {
    res.destroy();
  } else {
    res.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }
}

/**
 * Text as it may be handed to a response. Node 20's HTTP/2 frees the copy of a string that it still
 * has to send when two writes come close together, and then sends whatever memory is there; so
 * HTTP/2 gets bytes. HTTP/1 takes strings as they are, and sends them along with its head.
 */
export function writable(res: NodeResponse, text: string | Uint8Array): string | Uint8Array {
  return typeof text === 'string' && res.stream !== undefined ? Buffer.from(text) : text;
}

/** Whether the request may have a body, from its framing alone. */
export function hasBody(req: NodeRequest): boolean {
  if ('stream' in req) {
    return !req.stream.endAfterHeaders;
  }
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Most requests name the same authority as the one before. */
let lastValid = '';

const authorityPattern =
  /^(?:[A-Za-z0-9._~!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])?)?$/;
