import type { ScanCursor } from './scan-cursor.js';

// Constants of this module are folded into the loops; those of an imported object are looked up.
const SPACE = 0x20;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/** A whole number of up to this many digits is exact in a double. */
const EXACT_DIGITS = 15;
/** A whole number of up to this many digits fits 32 bits, whose sums are quicker. */
const INT32_DIGITS = 9;
/** The powers of ten that are exact in a double. */
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const MAX_EXACT_POWER = 22;
/** What a minus sign and a decimal point are when read as a digit. */
const MINUS_DIGIT = MINUS - ZERO;
const DOT_DIGIT = DOT - ZERO;
/** Exponents are followed up to here; anything beyond is left to the engine's own parser. */
const MAX_EXPONENT = 9999;

/**
 * Reads the JSON number at the cursor into `out[index]` and moves behind it. What stands there then
 * is exactly what `JSON.parse` would have led to, infinity for a number beyond float32. False means
 * that no valid number stands there, or that nothing follows it, as a record cannot end with a
 * number; what follows is otherwise the caller's to check.
 *
 * Short decimals are one exact whole number divided or multiplied by one exact power of ten, which
 * rounds once, as correct parsing does. Of longer ones the first 15 digits are taken as a lower
 * bound and one more as an upper bound: rounding never changes the order, so when both bounds are
 * the same float32, so is the number. The rest, about one in a hundred million, goes to the
 * engine.
 */
export function scanDecimal(cursor: ScanCursor, out: Float32Array, index: number): boolean {
  const end = readPlain(cursor, out, index);
  if (end > 0 && end < cursor.end) {
    const next = cursor.bytes[end] as number;
    if (next !== LOWER_E && next !== UPPER_E) {
      cursor.position = end;
      return true;
    }
  }
  const value = scanAnyDecimal(cursor);
  out[index] = value;
  return !Number.isNaN(value);
}

/** Elements of a tensor that lie one behind another. */
export interface TensorSpan {
  readonly from: number;
  /** Index behind the last element. */
  readonly to: number;
}

/**
 * Fills the span with numbers that each have a comma behind them, and at most one space behind
 * that. Returns how many it has read before it met something else or the span was full; the cursor
 * is then behind them. All are in float32's range.
 */
export function scanDecimals(cursor: ScanCursor, out: Float32Array, span: TensorSpan): number {
  const { bytes, end } = cursor;
  const { from, to } = span;
  for (let index = from; index < to; index++) {
    const numberEnd = readPlain(cursor, out, index);
    if (numberEnd < 0 || numberEnd >= end || bytes[numberEnd] !== COMMA) return index - from;
    cursor.position = bytes[numberEnd + 1] === SPACE ? numberEnd + 2 : numberEnd + 1;
  }
  return Math.max(0, to - from);
}

/**
 * Reads the number without exponent at the cursor, as far as bounds decide it, and returns where it
 * ends; else -1. Bytes behind the record's end are read, too, so the caller has to look at that
 * place. The number is written and not returned, as a returned fraction would be an object.
 */
function readPlain(cursor: ScanCursor, out: Float32Array, index: number): number {
  const { bytes } = cursor;
  let { position } = cursor;
  let digit = digitAt(bytes, position);
  const negative = digit === MINUS_DIGIT;
  if (negative) digit = digitAt(bytes, ++position);
  const integerStart = position;
  let high = 0;
  while (digit >= 0 && digit <= 9) {
    high = (Math.imul(high, 10) + digit) | 0;
    digit = digitAt(bytes, ++position);
  }
  const integerDigits = position - integerStart;
  if (integerDigits === 0 || integerDigits > INT32_DIGITS) return -1;
  if (integerDigits > 1 && bytes[integerStart] === ZERO) return -1;
  if (digit !== DOT_DIGIT) {
    out[index] = negative ? -high : high;
    return position;
  }
  const fractionStart = position + 1;
  digit = digitAt(bytes, ++position);
  const highEnd = fractionStart + INT32_DIGITS - integerDigits;
  while (digit >= 0 && digit <= 9 && position < highEnd) {
    high = (Math.imul(high, 10) + digit) | 0;
    digit = digitAt(bytes, ++position);
  }
  if (position === fractionStart) return -1;
  if (digit >= 0 && digit <= 9) {
    const end = readLongFraction(bytes, position, { high, fractionStart, out, index });
    if (negative && end > 0) out[index] = -(out[index] as number);
    return end;
  }
  const value = high / (POWERS[position - fractionStart] as number);
  out[index] = negative ? -value : value;
  return position;
}

/** The digit's value; another byte gives a number outside of 0 to 9, none at all minus 48. */
function digitAt(bytes: Uint8Array, position: number): number {
  return ((bytes[position] as number) | 0) - ZERO;
}

interface LongFraction {
  /** The digits before, as a whole number. */
  readonly high: number;
  readonly fractionStart: number;
  readonly out: Float32Array;
  readonly index: number;
}

/** Goes on at the first digit that does not fit 32 bits with those before. */
function readLongFraction(bytes: Uint8Array, start: number, fraction: LongFraction): number {
  let position = start;
  let digit = digitAt(bytes, position);
  const lowEnd = position + EXACT_DIGITS - INT32_DIGITS;
  let low = 0;
  while (digit >= 0 && digit <= 9 && position < lowEnd) {
    low = (Math.imul(low, 10) + digit) | 0;
    digit = digitAt(bytes, ++position);
  }
  const mantissa = fraction.high * (POWERS[position - start] as number) + low;
  const power = POWERS[position - fraction.fractionStart] as number;
  const least = mantissa / power;
  fraction.out[fraction.index] = least;
  if (digit < 0 || digit > 9) return position;
  while (digit >= 0 && digit <= 9) digit = digitAt(bytes, ++position);
  return Math.fround(least) === Math.fround((mantissa + 1) / power) ? position : -1;
}

/** Any number, with or without an exponent; NaN when there is none. */
function scanAnyDecimal(cursor: ScanCursor): number {
  const start = cursor.position;
  const integerStart = cursor.peek() === MINUS ? start + 1 : start;
  const integerEnd = digitsEnd(cursor, integerStart);
  const integerDigits = integerEnd - integerStart;
  const { bytes } = cursor;
  if (integerDigits === 0) return Number.NaN;
  if (integerDigits > 1 && bytes[integerStart] === ZERO) return Number.NaN;
  cursor.position = integerEnd;
  if (integerEnd >= cursor.end || bytes[integerEnd] !== DOT) {
    return longDecimal(cursor, start, 0);
  }
  cursor.position = digitsEnd(cursor, integerEnd + 1);
  const fractionDigits = cursor.position - integerEnd - 1;
  return fractionDigits === 0 ? Number.NaN : longDecimal(cursor, start, -fractionDigits);
}

function digitsEnd({ bytes, end }: ScanCursor, start: number): number {
  let position = start;
  while (position < end && isDigit(bytes[position] as number)) position++;
  return position;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function scanExponent(cursor: ScanCursor): number {
  const { bytes, end } = cursor;
  let position = cursor.position + 1;
  const sign = position < end ? bytes[position] : 0;
  if (sign === MINUS || sign === PLUS) position++;
  const digitsStart = position;
  let exponent = 0;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte < ZERO || byte > NINE) break;
    if (exponent < MAX_EXPONENT) exponent = exponent * 10 + (byte - ZERO);
    position++;
  }
  cursor.position = position;
  if (position === digitsStart) return Number.NaN;
  return sign === MINUS ? -exponent : exponent;
}

function scaled(mantissa: number, exponent: number): number {
  return exponent < 0
    ? mantissa / (POWERS[-exponent] as number)
    : mantissa * (POWERS[exponent] as number);
}

/**
 * The number from `start` to the cursor, and the exponent that may stand there. `scale` is the
 * power of ten of the last digit.
 */
function longDecimal(cursor: ScanCursor, start: number, scale: number): number {
  const { bytes } = cursor;
  const end = cursor.position;
  const next = cursor.peek();
  const hasExponent = next === LOWER_E || next === UPPER_E;
  const exponent = hasExponent ? scale + scanExponent(cursor) : scale;
  if (Number.isNaN(exponent) || cursor.position >= cursor.end) return Number.NaN;
  let mantissa = 0;
  let digits = 0;
  let dropped = 0;
  for (let i = start; i < end; i++) {
    const digit = digitAt(bytes, i);
    if (digit < 0) continue;
    if (digits === EXACT_DIGITS) dropped++;
    else {
      mantissa = mantissa * 10 + digit;
      if (mantissa > 0) digits++;
    }
  }
  const power = exponent + dropped;
  if (power <= MAX_EXACT_POWER && power >= -MAX_EXACT_POWER) {
    const least = scaled(mantissa, power);
    const most = dropped === 0 ? least : scaled(mantissa + 1, power);
    if (Math.fround(least) === Math.fround(most)) {
      return bytes[start] === MINUS ? -least : least;
    }
  }
  return Number(text(bytes, start, cursor.position));
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
