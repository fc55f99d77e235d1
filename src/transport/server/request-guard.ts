import type { HttpRequest } from './exchange.js';
import type { Limits } from './limits.js';

/** Why a request is answered here and not by any service. */
export interface Refusal {
  readonly status: 400 | 405 | 414;
  readonly message: string;
  /** What RFC 9110 asks for with 405. */
  readonly allow?: string;
}

/**
 * Returns why a request must not reach a service, or undefined if it may. What passes has exactly
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
  const fault = authorityFault(req.rawHeaders);
  if (fault !== undefined) return { status: 400, message: fault };
  return Buffer.byteLength(url) > limits.urlMaxBytes
    ? { status: 414, message: `the URL is longer than ${limits.urlMaxBytes} bytes` }
    : undefined;
}

/** TRACE and TRACK echo credentials to scripts; CONNECT asks for a tunnel. */
const REFUSED_METHODS: ReadonlySet<string> = new Set(['TRACE', 'TRACK', 'CONNECT']);

/** Of the service as a whole: which of them a path takes is for others to know. */
const SERVED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/** `host[:port]` of RFC 3986 without user information. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d{1,5})?$/i;

/** Node keeps only the first of two Host fields, hence the look at the raw ones. */
function authorityFault(rawHeaders: readonly string[]): string | undefined {
  const hosts = valuesOf(rawHeaders, 'host');
  if (hosts.length > 1) return 'more than one Host header';
  const [authority = hosts[0]] = valuesOf(rawHeaders, ':authority');
  if (authority === undefined) return 'no Host header';
  if (hosts[0] !== undefined && hosts[0].toLowerCase() !== authority.toLowerCase()) {
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
