import { createHash } from 'node:crypto';
import { invalidField } from './errors.js';
import { limits } from './limits.js';

/** Where a page ended: sort values and ids of its last row. */
export type PageKey = readonly (string | number)[];

/**
 * Makes the token of the page after `key`. It holds a position and a mark of the query, and no right: who gives it back
 * is asked for the same rights again.
 */
export function pageToken(query: readonly unknown[], key: PageKey): string {
  return Buffer.from(JSON.stringify([markOf(query), ...key])).toString('base64url');
}

/** Reads a token; undefined if none was given, INVALID_FIELD if it is not of this query. */
export function parsePageToken(
  token: string,
  query: readonly unknown[],
  types: readonly ('string' | 'number')[],
): PageKey | undefined {
  if (token === '') return undefined;
  const parts = token.length <= tokenCharsMax ? decode(token) : undefined;
  if (!parts || parts.length !== types.length + 1) throw broken('It is none of this service.');
  const [mark, ...key] = parts;
  if (mark !== markOf(query)) {
    throw broken('It was given for another request. Repeat that one, or begin without a token.');
  }
  const isKey = key.every((value, index) => typeof value === types[index] && isWhole(value));
  if (!isKey) throw broken('It is none of this service.');
  return key.filter((value) => typeof value === 'string' || typeof value === 'number');
}

/** How many rows to answer; INVALID_FIELD if negative, and what is too much is cut. */
export function pageLimit(pageSize: number): number {
  if (pageSize < 0) {
    const description = `${pageSize} is negative. Use 1 to ${limits.pageMax}, or 0 for ${limits.pageDefault}.`;
    throw invalidField('page_size', 'OUT_OF_RANGE', description);
  }
  return pageSize === 0 ? limits.pageDefault : Math.min(pageSize, limits.pageMax);
}

/** Numbers are ids, offsets and milliseconds; a token of somebody's own making may hold others. */
function isWhole(value: unknown): boolean {
  return typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0);
}

/** Longer than any sort value that the service has. */
const tokenCharsMax = 1_024;

function decode(token: string): unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}

function markOf(query: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(query)).digest('base64url').slice(0, 12);
}

function broken(why: string): Error {
  return invalidField('page_token', 'INVALID_PAGE_TOKEN', why);
}
