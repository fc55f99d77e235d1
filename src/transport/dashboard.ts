import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { PlainHandler, PlainRoutes } from './server/plain-routes.js';
import { replyFile, type ServedFile, servedFile } from './server/served-file.js';

/**
 * The routes of the dashboard that was built into `folder`: the page at `/`, and what it is made of below `/ui/`. All
 * files are read once, so that no request names one on disk. Throws ENOENT if nothing was built there.
 */
export async function dashboardRoutes(folder: string): Promise<PlainRoutes> {
  const names = (await readdir(folder)).filter((name) => contentTypes.has(extname(name)));
  const routes = names.map(async (name): Promise<[string, PlainHandler]> => {
    const isPage = name === page;
    const file = readable(name, await readFile(join(folder, name)));
    return [isPage ? '/' : `/ui/${name}`, (req, res) => replyFile(req, res, file)];
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

function readable(name: string, bytes: Buffer): ServedFile {
  // A name with a hash never means other bytes; the others are asked for again each time.
  const isNamedByContent = /-[A-Z0-9]{8}\.\w+$/.test(name);
  return servedFile(bytes, {
    ...securityHeaders,
    'content-type': contentTypes.get(extname(name)) ?? '',
    ...(isNamedByContent && { 'cache-control': 'public, max-age=31536000, immutable' }),
  });
}
