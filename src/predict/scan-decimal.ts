import { Ascii, type ScanCursor } from './scan-cursor.js';

/** A whole number of up to this many digits is exact in a double. */
const EXACT_DIGITS = 15;
/** The powers of ten that are exact in a double. */
const POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const MAX_EXACT_POWER = 22;
/** Exponents are followed up to here; anything beyond is left to the engine's own parser. */
const MAX_EXPONENT = 9999;

/**
 * Reads the JSON number at the cursor and moves behind it. The result, stored in a Float32Array, is
 * exactly what `JSON.parse` would have led to there. NaN, which JSON cannot say, means that no
 * valid number stands there; what follows the number is the caller's to check.
 *
 * Short decimals are one exact whole number divided or multiplied by one exact power of ten, which
 * rounds once, as correct parsing does. Of longer ones the first 15 digits are taken as a lower
 * bound and one more as an upper bound: rounding never changes the order, so when both bounds are
 * the same float32, so is the number. The rest, about one in a hundred million, goes to the engine.
 */
export function scanDecimal(cursor: ScanCursor): number {
  const { bytes, end } = cursor;
  const start = cursor.position;
  let position = start;
  const negative = bytes[position] === Ascii.MINUS;
  if (negative) position++;
  const integerStart = position;
  let mantissa = 0;
  let byte = position < end ? (bytes[position] as number) : 0;
  while (byte >= Ascii.ZERO && byte <= Ascii.NINE) {
    mantissa = mantissa * 10 + (byte - Ascii.ZERO);
    position++;
    byte = position < end ? (bytes[position] as number) : 0;
  }
  let digits = position - integerStart;
  if (digits === 0 || (digits > 1 && bytes[integerStart] === Ascii.ZERO)) return Number.NaN;
  let exponent = 0;
  if (byte === Ascii.DOT) {
    position++;
    const fractionStart = position;
    byte = position < end ? (bytes[position] as number) : 0;
    while (byte >= Ascii.ZERO && byte <= Ascii.NINE) {
      mantissa = mantissa * 10 + (byte - Ascii.ZERO);
      position++;
      byte = position < end ? (bytes[position] as number) : 0;
    }
    exponent = fractionStart - position;
    if (exponent === 0) return Number.NaN;
    digits -= exponent;
  }
  cursor.position = position;
  if (byte === Ascii.LOWER_E || byte === Ascii.UPPER_E) exponent += scanExponent(cursor);
  if (digits > EXACT_DIGITS || exponent > MAX_EXACT_POWER || exponent < -MAX_EXACT_POWER) {
    // An exponent without digits is NaN and compares as neither, so it falls through as NaN.
    return longDecimal(cursor, start, exponent);
  }
  const value = scaled(mantissa, exponent);
  return negative ? -value : value;
}

function scanExponent(cursor: ScanCursor): number {
  const { bytes, end } = cursor;
  let position = cursor.position + 1;
  const sign = position < end ? bytes[position] : 0;
  if (sign === Ascii.MINUS || sign === Ascii.PLUS) position++;
  const digitsStart = position;
  let exponent = 0;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte < Ascii.ZERO || byte > Ascii.NINE) break;
    if (exponent < MAX_EXPONENT) exponent = exponent * 10 + (byte - Ascii.ZERO);
    position++;
  }
  cursor.position = position;
  if (position === digitsStart) return Number.NaN;
  return sign === Ascii.MINUS ? -exponent : exponent;
}

function scaled(mantissa: number, exponent: number): number {
  return exponent < 0
    ? mantissa / (POWERS[-exponent] as number)
    : mantissa * (POWERS[exponent] as number);
}

/** `exponent` is the power of ten of the last digit. */
function longDecimal(cursor: ScanCursor, start: number, exponent: number): number {
  const { bytes, position: end } = cursor;
  let mantissa = 0;
  let digits = 0;
  let dropped = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte === Ascii.LOWER_E || byte === Ascii.UPPER_E) break;
    if (byte < Ascii.ZERO || byte > Ascii.NINE) continue;
    if (digits === EXACT_DIGITS) dropped++;
    else {
      mantissa = mantissa * 10 + (byte - Ascii.ZERO);
      if (mantissa > 0) digits++;
    }
  }
  const power = exponent + dropped;
  if (power <= MAX_EXACT_POWER && power >= -MAX_EXACT_POWER) {
    const low = scaled(mantissa, power);
    const high = dropped === 0 ? low : scaled(mantissa + 1, power);
    if (Math.fround(low) === Math.fround(high)) {
      return bytes[start] === Ascii.MINUS ? -low : low;
    }
  }
  return Number(text(bytes, start, end));
}

function text(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
