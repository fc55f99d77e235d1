import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../accept.js';
import type { HttpRequest, HttpResponse } from './exchange.js';
import { once } from './once.js';

/** A body that is the same for everybody and for long, ready to be sent. */
export interface ServedFile {
  readonly bytes: Buffer;
  /** Compressed, off this thread, when it is first asked for; undefined where that saves nothing. */
  readonly gzipped: () => Promise<Buffer | undefined>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes a file of bytes and the headers that go with them: its tag is their hash, and browsers ask for it each time. */
export function servedFile(bytes: Buffer, headers: Readonly<Record<string, string>>): ServedFile {
  const digest = createHash('sha256').update(bytes).digest('base64url');
  return {
    bytes,
    gzipped: once(async () => {
      const gzipped = await compress(bytes);
      return gzipped.length < bytes.length ? gzipped : undefined;
    }),
    headers: {
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
      // Weak: it is the same with and without compression.
      etag: `W/"${digest}"`,
      ...headers,
    },
  };
}

const compress = promisify(gzip);

/** Answers GET or HEAD with a file, or says that the caller has it already. */
export async function replyFile(
  req: HttpRequest,
  res: HttpResponse,
  { bytes, gzipped, headers }: ServedFile,
): Promise<void> {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  if (knows(req, headers.etag ?? '')) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const packed = acceptsGzip(req.headers['accept-encoding'] ?? null) ? await gzipped() : undefined;
  if (packed) res.setHeader('content-encoding', 'gzip');
  const body = packed ?? bytes;
  res.setHeader('content-length', body.length);
  // Node sends no body in answer to HEAD.
  res.end(body);
}

/** Weak comparison (RFC 9110): whether a tag is weak makes no difference. */
function knows(req: HttpRequest, etag: string): boolean {
  const known = (req.headers['if-none-match'] ?? '').split(',').map((one) => opaque(one.trim()));
  return known.includes(opaque(etag)) || known.includes('*');
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}
