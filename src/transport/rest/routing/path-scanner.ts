import { restError } from '../errors.js';

/** A request target cut into its parts. Nothing is decoded yet: cutting comes before decoding. */
export interface ScannedTarget {
  readonly rawPath: string;
  readonly rawQuery: string | undefined;
  /** The path's segments as sent, without the leading `/`; the root path has none. */
  readonly segments: readonly string[];
  /** For each segment the form in which literals are compared, see segmentKey. */
  readonly keys: readonly string[];
  /** Where the first empty segment is (`//` or a trailing `/`), or -1. */
  readonly emptySegmentAt: number;
}

/**
 * Cuts a request target into segments and refuses every path that two parsers could read
 * differently: dot segments (also escaped), backslashes, control characters, broken escapes,
 * fragments and absolute-form targets. What remains needs no normalising, so no normalising can
 * turn it into somebody else's path. Throws the 400 to answer with.
 */
export function scanTarget(target: string): ScannedTarget {
  const queryAt = target.indexOf('?');
  const rawPath = queryAt < 0 ? target : target.slice(0, queryAt);
  const rawQuery = queryAt < 0 ? undefined : target.slice(queryAt + 1);
  if (!rawPath.startsWith('/')) {
    throw restError(400, 'request target: expected a path that begins with "/"');
  }
  if (notPrintable.test(target) || target.includes('#')) {
    throw restError(400, 'request target: contains a character that must be percent-encoded');
  }
  const segments = rawPath === '/' ? [] : rawPath.slice(1).split('/');
  if (!rawPath.includes('%')) {
    checkPlain(rawPath);
    return { rawPath, rawQuery, segments, keys: segments, emptySegmentAt: segments.indexOf('') };
  }
  for (const segment of segments) {
    checkSegment(segment);
  }
  const keys = segments.map(segmentKey);
  return { rawPath, rawQuery, segments, keys, emptySegmentAt: segments.indexOf('') };
}

/**
 * The form in which a literal segment is compared: every escape decoded, except those of `/` and
 * `%`, which stay escaped in upper case. Two segments mean the same exactly if their keys are equal.
 */
export function segmentKey(raw: string): string {
  return raw.includes('%') ? decodeExcept(raw, /%2[5F]/gi).replace(/%2f/g, '%2F') : raw;
}

/** The value of a capture that is one segment: fully decoded. An escaped `/` is refused with 400. */
export function decodeOne(raw: string): string {
  if (!raw.includes('%')) {
    return raw;
  }
  if (/%2f/i.test(raw)) {
    throw restError(400, 'path: an escaped "/" is not allowed in a single segment');
  }
  return decode(raw);
}

/** The value of a capture that may span segments: decoded, but `%2F` stays as it was written. */
export function decodeMany(raw: readonly string[]): string {
  const joined = raw.join('/');
  return joined.includes('%') ? decodeExcept(joined, /%2F/gi) : joined;
}

/**
 * Cuts a query into decoded names and values. `+` means a space, as in forms; a name without `=`
 * has an empty value; empty pieces are skipped. Throws 400 for broken escapes or too many pairs.
 */
export function scanQuery(
  rawQuery: string | undefined,
  parametersMax: number,
): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  if (rawQuery === undefined || rawQuery === '') {
    return pairs;
  }
  for (const piece of rawQuery.split('&', parametersMax + 1)) {
    if (piece === '') {
      continue;
    }
    if (pairs.length === parametersMax) {
      throw restError(400, `query: more than ${parametersMax} parameters`);
    }
    const equalsAt = piece.indexOf('=');
    const name = equalsAt < 0 ? piece : piece.slice(0, equalsAt);
    const value = equalsAt < 0 ? '' : piece.slice(equalsAt + 1);
    pairs.push([decodeQuery(name), decodeQuery(value)]);
  }
  return pairs;
}

const notPrintable = /[^\x21-\x7e]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbiddenDecoded = /[\x00-\x1f\x7f\\]/;
/** Also with a verb behind it, since `..:start` would leave `..` once the verb is cut off. */
const dotSegment = /^\.\.?(?::.*)?$/;

/** The same at once for a whole path without escapes. */
const plainDotSegment = /\/\.\.?(?:[/:]|$)/;

function checkPlain(rawPath: string): void {
  if (rawPath.includes('\\')) {
    throw restError(400, 'path: contains a backslash or a control character');
  }
  if (rawPath.includes('/.') && plainDotSegment.test(rawPath)) {
    throw restError(400, 'path: contains a dot segment');
  }
}

function checkSegment(raw: string): void {
  const decoded = raw.includes('%') ? decode(raw) : raw;
  if (forbiddenDecoded.test(decoded)) {
    throw restError(400, 'path: contains a backslash or a control character');
  }
  // Receivers may decode %2F later on, so the pieces between escaped slashes must be safe as well.
  const pieces = decoded.includes('/') ? decoded.split('/') : [decoded];
  if (pieces.some((piece) => dotSegment.test(piece))) {
    throw restError(400, 'path: contains a dot segment');
  }
}

function decode(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch (cause) {
    throw restError(400, 'request target: contains an invalid percent escape', { cause });
  }
}

function decodeExcept(raw: string, kept: RegExp): string {
  let decoded = '';
  let at = 0;
  for (const match of raw.matchAll(kept)) {
    decoded += decode(raw.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return decoded + decode(raw.slice(at));
}

function decodeQuery(raw: string): string {
  const spaced = raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  return spaced.includes('%') ? decode(spaced) : spaced;
}
