import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of a request that its signature covers. */
export interface SignedParts {
  readonly verb: string;
  /** MD5 of the body in Base64; empty without a body. */
  readonly contentMd5: string;
  /** The user's key as its Base64 text. */
  readonly secretKey: string;
  /** As sent. */
  readonly symDate: string;
  /** Customer id, which is the user's name. */
  readonly cid: string;
  /** As sent, before anything is decoded. */
  readonly body: Uint8Array;
  readonly path: string;
  /** As sent, without `?`; empty if there is none. */
  readonly query: string;
}

/**
 * Signs a request: HMAC-SHA-256 under the decoded key over the documented lines. The lines of an empty body and of an
 * empty query are left out.
 */
export function sign(parts: SignedParts): Buffer {
  const { before, after } = linesOf(parts);
  const hmac = createHmac('sha256', Buffer.from(parts.secretKey, 'base64')).update(before);
  if (parts.body.byteLength > 0) hmac.update(parts.body).update('\n');
  return hmac.update(after).digest();
}

/** The text that was signed, for the one who has to find out why his is another: with `SECRETKEY` for the key. */
export function stringToSign(parts: SignedParts): string {
  const { before, after } = linesOf({ ...parts, secretKey: 'SECRETKEY' });
  const body = parts.body.byteLength > 0 ? `${shownBody(parts.body)}\n` : '';
  return before + body + after;
}

/** Whether a signature is that of the parts under one of the paths. */
export function isSignedBy(
  signature: string,
  parts: Omit<SignedParts, 'path'>,
  paths: readonly string[],
): boolean {
  const given = Buffer.from(signature, 'base64');
  if (given.length !== signatureBytes) return false;
  return paths.some((path) => timingSafeEqual(given, sign({ ...parts, path })));
}

/**
 * The forms in which clients sign a path: as sent, percent-decoded, without the leading slash, and as a full URL, whose
 * scheme a proxy may have changed. `origin` is scheme and authority of the request, if they are valid.
 */
export function pathForms(rawPath: string, origin: string | undefined): readonly string[] {
  const paths = [rawPath, decodeURIComponent(rawPath)];
  const authority = origin?.replace(/^https?:/, '');
  const origins = authority === undefined ? [] : [`http:${authority}`, `https:${authority}`];
  const forms = paths.flatMap((path) => [
    path,
    path.slice(1),
    ...origins.map((each) => each + path),
  ]);
  return [...new Set(forms)];
}

/** MD5 in Base64, as `Content-MD5` has it. It proves nothing by itself: the signature covers the body as well. */
export function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('base64');
}

const signatureBytes = 32;

/** Enough of a body to compare it; whoever sent it knows the rest. */
const shownBodyBytesMax = 8_192;

function shownBody(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, shownBodyBytesMax)).toString('utf8');
}

function linesOf(parts: SignedParts): { readonly before: string; readonly after: string } {
  const { verb, contentMd5, secretKey, symDate, cid, path, query } = parts;
  const before = [verb, contentMd5, secretKey, symDate, cid].map((line) => `${line}\n`).join('');
  return { before, after: query === '' ? `${path}\n` : `${path}\n${query}\n` };
}
