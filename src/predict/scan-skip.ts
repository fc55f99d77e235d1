import { Ascii, type ScanCursor } from './scan-cursor.js';
import { scanDecimal } from './scan-decimal.js';

/**
 * How deep arrays and objects of a record may nest: real records stay below ten, and a megabyte of
 * brackets would keep `JSON.parse` busy and break whatever walks over the result.
 */
export const MAX_JSON_DEPTH = 64;

/** Where numbers go that nobody asked for. */
const skipped = new Float32Array(1);

const TRUE = [0x74, 0x72, 0x75, 0x65];
const FALSE = [0x66, 0x61, 0x6c, 0x73, 0x65];
const NULL = [0x6e, 0x75, 0x6c, 0x6c];

/**
 * Moves behind the JSON value at the cursor, checking it as strictly as `JSON.parse`. `depth`
 * counts the arrays and objects around it. False means: not valid, too deep, or at the end; the
 * cursor is then anywhere.
 */
export function skipValue(cursor: ScanCursor, depth: number): boolean {
  switch (cursor.peekToken()) {
    case Ascii.QUOTE:
      return skipString(cursor);
    case Ascii.OPEN_BRACE:
      return depth < MAX_JSON_DEPTH && skipObject(cursor, depth + 1);
    case Ascii.OPEN_BRACKET:
      return depth < MAX_JSON_DEPTH && skipArray(cursor, depth + 1);
    case Ascii.LOWER_T:
      return skipWord(cursor, TRUE);
    case Ascii.LOWER_F:
      return skipWord(cursor, FALSE);
    case Ascii.LOWER_N:
      return skipNull(cursor);
    case -1:
      return false;
    default:
      return scanDecimal(cursor, skipped, 0);
  }
}

/** Moves behind the word `null`; false when another word stands there. */
export function skipNull(cursor: ScanCursor): boolean {
  return skipWord(cursor, NULL);
}

/** Moves behind the string whose opening quote is at the cursor. */
export function skipString(cursor: ScanCursor): boolean {
  const { bytes, end } = cursor;
  const { QUOTE, BACKSLASH } = Ascii;
  let position = cursor.position + 1;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte === QUOTE) {
      cursor.position = position + 1;
      return true;
    }
    if (byte < 0x20) return false;
    if (byte >= 0x80) cursor.nonAscii = true;
    position++;
    if (byte !== BACKSLASH) continue;
    const length = escapeLength(bytes, position, end);
    if (length === 0) return false;
    position += length;
  }
  return false;
}

function escapeLength(bytes: Uint8Array, position: number, end: number): number {
  const kind = position < end ? bytes[position] : 0;
  if (kind !== Ascii.LOWER_U) return '"\\/bfnrt'.includes(String.fromCharCode(kind ?? 0)) ? 1 : 0;
  if (position + 5 > end) return 0;
  for (let i = 1; i <= 4; i++) {
    if (!isHexDigit(bytes[position + i] as number)) return 0;
  }
  return 5;
}

function isHexDigit(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= Ascii.ZERO && byte <= Ascii.NINE) || (lower >= 0x61 && lower <= 0x66);
}

function skipArray(cursor: ScanCursor, depth: number): boolean {
  cursor.position++;
  if (cursor.peekToken() === Ascii.CLOSE_BRACKET) {
    cursor.position++;
    return true;
  }
  for (;;) {
    if (!skipValue(cursor, depth)) return false;
    const byte = cursor.peekToken();
    cursor.position++;
    if (byte === Ascii.CLOSE_BRACKET) return true;
    if (byte !== Ascii.COMMA) return false;
  }
}

function skipObject(cursor: ScanCursor, depth: number): boolean {
  cursor.position++;
  if (cursor.peekToken() === Ascii.CLOSE_BRACE) {
    cursor.position++;
    return true;
  }
  for (;;) {
    if (cursor.peekToken() !== Ascii.QUOTE || !skipString(cursor)) return false;
    if (cursor.peekToken() !== Ascii.COLON) return false;
    cursor.position++;
    if (!skipValue(cursor, depth)) return false;
    const byte = cursor.peekToken();
    cursor.position++;
    if (byte === Ascii.CLOSE_BRACE) return true;
    if (byte !== Ascii.COMMA) return false;
  }
}

function skipWord(cursor: ScanCursor, word: readonly number[]): boolean {
  const { bytes, end, position } = cursor;
  if (position + word.length > end) return false;
  for (let i = 0; i < word.length; i++) {
    if (bytes[position + i] !== word[i]) return false;
  }
  cursor.position = position + word.length;
  return true;
}
