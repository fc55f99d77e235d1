import { type CorsOptions, corsHeaders, preflightHeaders } from '../cors.js';
import type { HttpRequest, HttpResponse } from './exchange.js';

/**
 * Sets the headers by which a browser lets a page of another origin read the answer of a procedure, and answers a
 * preflight: then it returns true, and nothing is left to do. Calls need no check of their own beyond that: no page can
 * send the content types of an RPC protocol without a preflight, and what GET calls has no side effects.
 */
export function shareAcrossOrigins(
  cors: CorsOptions | undefined,
  allowedMethods: readonly string[],
  { req, res }: { readonly req: HttpRequest; readonly res: HttpResponse },
): boolean {
  if (cors === undefined) return false;
  const header = { get: (name: string) => textOf(req.headers[name]) };
  const isPreflight =
    req.method === 'OPTIONS' && header.get('access-control-request-method') !== null;
  const headers = isPreflight
    ? preflightHeaders(cors, header, allowedMethods)
    : corsHeaders(cors, header);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (!isPreflight) return false;
  res.statusCode = 204;
  res.end();
  return true;
}

function textOf(value: string | string[] | undefined): string | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
