import type { Socket } from 'node:net';
import type { HttpRequest } from './exchange.js';
import type { Limits } from './limits.js';

/** Why a request is answered here and not by any service. */
export interface Refusal {
  readonly status: keyof typeof REFUSAL_CODES;
  readonly message: string;
  /** What RFC 9110 asks for with 405. */
  readonly allow?: string;
}

/** The name of the RPC code that goes with each status of a refusal. */
export const REFUSAL_CODES = {
  400: 'invalid_argument',
  405: 'unimplemented',
  414: 'invalid_argument',
  431: 'resource_exhausted',
  501: 'unimplemented',
} as const;

/**
 * Brings a request of HTTP/1 into the form that everybody behind expects: a target in absolute form, which RFC 9112 has
 * every server accept, becomes its path, and its authority the host; a request of HTTP/1.0 that names no host, as those
 * of some health checks, gets the address that it has reached.
 */
export function normalize(req: HttpRequest): void {
  if ('stream' in req) return;
  const [, authority, rest = ''] = ABSOLUTE_FORM.exec(req.url ?? '') ?? [];
  if (authority !== undefined) {
    req.url = rest.startsWith('/') ? rest : `/${rest}`;
    req.headers.host = authority;
  }
  if (req.httpVersion === '1.0') req.headers.host ??= reachedAddress(req.socket);
}

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)(.*)$/i;

function reachedAddress({ localAddress = '', localPort }: Socket): string {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** Whether a request is about the server as a whole, to be answered with `SERVED_METHODS`. */
export function asksServer({ method, url }: HttpRequest): boolean {
  return method === 'OPTIONS' && url === '*';
}

/**
 * Returns why a normalized request must not reach a service, or undefined if it may. What passes has exactly
 * one well-formed authority and a target that begins with a slash, so building its URL cannot throw. The same is true
 * of what is refused with 414.
 */
export function refusalOf(req: HttpRequest, limits: Limits): Refusal | undefined {
  const { method = '', url = '' } = req;
  if (REFUSED_METHODS.has(method)) {
    return { status: 405, message: `${method} is not served`, allow: SERVED_METHODS };
  }
  if (!url.startsWith('/')) {
    return { status: 400, message: 'the request target must be an absolute path' };
  }
  const fault = authorityFault(req);
  if (fault !== undefined) return { status: 400, message: fault };
  // Node passes over what is beyond its count, which is one more.
  if (req.rawHeaders.length > 2 * limits.headerMaxCount) {
    return { status: 431, message: `there are more than ${limits.headerMaxCount} header fields` };
  }
  const { 'transfer-encoding': coding = 'chunked' } = req.headers;
  // Node takes only the chunks off, and whatever is packed inside would pass for the body.
  if (coding.toLowerCase() !== 'chunked') {
    return { status: 501, message: 'the only transfer coding that is understood is chunked' };
  }
  return Buffer.byteLength(url) > limits.urlMaxBytes
    ? { status: 414, message: `the URL is longer than ${limits.urlMaxBytes} bytes` }
    : undefined;
}

/** TRACE and TRACK echo credentials to scripts; CONNECT asks for a tunnel. */
const REFUSED_METHODS: ReadonlySet<string> = new Set(['TRACE', 'TRACK', 'CONNECT']);

/** Of the service as a whole: which of them a path takes is for others to know. */
export const SERVED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** `host[:port]` of RFC 3986 without user information. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d{1,5})?$/i;

/** Node keeps only the first of two Host fields, hence the look at the raw ones. */
function authorityFault({ rawHeaders, headers: { host } }: HttpRequest): string | undefined {
  if (valuesOf(rawHeaders, 'host').length > 1) return 'more than one Host header';
  const [authority = host] = valuesOf(rawHeaders, ':authority');
  if (authority === undefined) return 'no Host header';
  if (host !== undefined && host.toLowerCase() !== authority.toLowerCase()) {
    return 'Host and :authority differ';
  }
  if (authority === lastWellFormed) return undefined;
  if (!AUTHORITY.test(authority) || !URL.canParse(`http://${authority}`)) {
    return 'malformed Host header';
  }
  lastWellFormed = authority;
  return undefined;
}

/** Most requests name the same host as the one before. */
let lastWellFormed = '';

/** Whoever asks for a name asks for a short one: most fields are told apart by their length. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const field = rawHeaders[at];
    if (field?.length === name.length && field.toLowerCase() === name) {
      values.push(rawHeaders[at + 1] ?? '');
    }
  }
  return values;
}
