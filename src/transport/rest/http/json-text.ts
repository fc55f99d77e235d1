import { isUtf8 } from 'node:buffer';
import type { JsonValue } from '@bufbuild/protobuf';
import { restError } from '../errors.js';

/**
 * Reads a JSON body more strictly than JSON.parse: it must be UTF-8 without a byte order mark, no
 * deeper than `depthMax`, and no object may name a member twice (another parser could take the
 * other one). The checks come first, since parsing deep input blocks for seconds. Throws 400.
 */
export function parseJsonBody(body: Uint8Array, depthMax: number): JsonValue {
  const bytes =
    body instanceof Buffer ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const text = bytes.toString('utf8');
  // What is not UTF-8 leaves the replacement character, which may also be meant.
  if (text.includes('\uFFFD') && !isUtf8(bytes)) {
    throw restError(400, 'body: is not valid UTF-8');
  }
  checkStructure(text, depthMax);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw restError(400, `body: is not valid JSON: ${reason}`, { cause });
  }
}

/**
 * Walks the brackets and strings of a text that need not be JSON, once and without going back.
 * What is not well-formed is left to the parser, which needs no more depth than was counted here.
 */
function checkStructure(text: string, depthMax: number): void {
  /** The member names of each open object; undefined for arrays. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (end < 0) {
        return;
      }
      if (expectsName) {
        addName(open.at(-1), text.slice(at, end + 1));
      }
      expectsName = false;
      at = end;
    } else if (character === '{' || character === '[') {
      expectsName = character === '{';
      open.push(expectsName ? new Set() : undefined);
      if (open.length > depthMax) {
        throw restError(400, `body: is nested deeper than ${depthMax} levels`);
      }
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === ',') {
      expectsName = open.at(-1) !== undefined;
    }
  }
}

/** Where the string that opens at `start` closes, or -1. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text[end - 1 - escapes] === '\\') {
      escapes++;
    }
    if (escapes % 2 === 0) {
      return end;
    }
  }
  return -1;
}

/** Enough of a name to find it; the rest would only blow up the answer. */
const shownNameMax = 64;

function addName(names: Set<string> | undefined, literal: string): void {
  const name = literal.includes('\\') ? unescapeName(literal) : literal.slice(1, -1);
  if (names?.has(name) === true) {
    throw restError(400, `body: names "${name.slice(0, shownNameMax)}" twice in one object`);
  }
  names?.add(name);
}

function unescapeName(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal;
  }
}
