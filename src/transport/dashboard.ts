import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { HttpRequest, HttpResponse } from './server/exchange.js';
import type { PlainHandler, PlainRoutes } from './server/plain-routes.js';

/**
 * The routes of the dashboard that was built into `folder`: the page at `/`, and what it is made of below `/ui/`. All
 * files are read once, so that no request names one on disk. Throws ENOENT if nothing was built there.
 */
export async function dashboardRoutes(folder: string): Promise<PlainRoutes> {
  const names = (await readdir(folder)).filter((name) => contentTypes.has(extname(name)));
  const routes = names.map(async (name): Promise<[string, PlainHandler]> => {
    const isPage = name === page;
    const file = readable(name, await readFile(join(folder, name)));
    return [isPage ? '/' : `/ui/${name}`, (req, res) => reply(req, res, file)];
  });
  return new Map(await Promise.all(routes));
}

const page = 'index.html';

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/**
 * Nothing but our own files and calls of our own origin, no frame around it, and no text that becomes a script or
 * markup: whatever a task or an error is called stays text.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
} as const;

interface ServedFile {
  readonly bytes: Buffer;
  /** Absent where it saves nothing. */
  readonly gzipped: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function readable(name: string, bytes: Buffer): ServedFile {
  const gzipped = gzipSync(bytes);
  const digest = createHash('sha256').update(bytes).digest('base64url');
  // A name with a hash never means other bytes; the others are asked for again each time.
  const isNamedByContent = /-[A-Z0-9]{8}\.\w+$/.test(name);
  return {
    bytes,
    gzipped: gzipped.length < bytes.length ? gzipped : undefined,
    headers: {
      ...securityHeaders,
      'content-type': contentTypes.get(extname(name)) ?? '',
      'cache-control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      // Weak: it is the same with and without compression.
      etag: `W/"${digest}"`,
    },
  };
}

function reply(req: HttpRequest, res: HttpResponse, { bytes, gzipped, headers }: ServedFile): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (knows(req, headers.etag ?? '')) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const body = gzipped !== undefined && takesGzip(req) ? gzipped : bytes;
  if (body === gzipped) res.setHeader('content-encoding', 'gzip');
  res.setHeader('content-length', body.length);
  // Node sends no body in answer to HEAD.
  res.end(body);
}

function knows(req: HttpRequest, etag: string): boolean {
  const known = req.headers['if-none-match'] ?? '';
  return known.split(',').some((one) => one.trim() === etag || one.trim() === '*');
}

function takesGzip(req: HttpRequest): boolean {
  const accepted = String(req.headers['accept-encoding'] ?? '').split(',');
  return accepted.some((one) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(one));
}
