import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HttpRequest, HttpResponse } from './exchange.js';

/** A body that is the same for everybody and for long, ready to be sent. */
export interface ServedFile {
  readonly bytes: Buffer;
  /** Absent where it saves nothing. */
  readonly gzipped: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes a file of bytes and the headers that go with them: its tag is their hash, and browsers ask for it each time. */
export function servedFile(bytes: Buffer, headers: Readonly<Record<string, string>>): ServedFile {
  const gzipped = gzipSync(bytes);
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return {
    bytes,
    gzipped: gzipped.length < bytes.length ? gzipped : undefined,
    headers: {
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      // Weak: it is the same with and without compression.
      etag: `W/"${digest}"`,
      ...headers,
    },
  };
}

/** Answers GET or HEAD with a file, or says that the caller has it already. */
export function replyFile(req: HttpRequest, res: HttpResponse, file: ServedFile): void {
  const { bytes, gzipped, headers } = file;
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
