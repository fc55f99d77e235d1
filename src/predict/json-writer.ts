import { DIGITS_LEAST, DIGITS_MOST, POWERS_OF_TEN, ShortFloat } from './short-float.js';

const INITIAL_BYTES = 1024;
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const LOWER_E = 0x65;
/** Where the first digit is farther behind the point, JSON.stringify writes an exponent. */
const EXPONENT_PLACES = 6;
/** A double next to 1, to see whether a decimal is safely within the range that reads back as the same float. */
const NUDGE = 2 ** -51;

/**
 * Writes JSON into one buffer that grows and is used again for each value, so that a prediction is made of no
 * objects and no strings.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;
  readonly #short = new ShortFloat();

  /** What was written so far; valid until the next write. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Begins anew. */
  reset(): void {
    this.#length = 0;
  }

  raw(text: Buffer): void {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < length; i++) bytes[at++] = text[i] as number;
    this.#length = at;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A text as JSON string. */
  text(value: string): void {
    const literal = JSON.stringify(value);
    this.#reserve(3 * literal.length);
    this.#length += this.#bytes.write(literal, this.#length);
  }

  boolean(value: boolean): void {
    this.raw(value ? TRUE : FALSE);
  }

  /** As JSON.stringify: `null` unless finite. */
  double(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 53) this.#integer(value);
    else this.#ascii(Number.isFinite(value) ? String(value) : 'null');
  }

  /** An integer: a number while every JSON reader reads it exactly, a string beyond 2^53. */
  bigint(value: bigint): void {
    const number = Number(value);
    if (Number.isSafeInteger(number)) this.#integer(number);
    else this.text(String(value));
  }

  /** The two halves of a 64-bit integer, as it lies in memory. */
  int64(low: number, high: number): void {
    const value = high * 2 ** 32 + (low >>> 0);
    if (Number.isSafeInteger(value)) this.#integer(value);
    else this.bigint((BigInt(high) << 32n) | BigInt(low >>> 0));
  }

  /**
   * A float32, given as its double: the shortest decimal that reads back as the same float32, as a reader of doubles that rounds
   * to float32 and one that reads float32 at once both do. `null` unless finite.
   */
  float(value: number): void {
    if (value === (value | 0) && Math.abs(value) < 2 ** 24) {
      this.#integer(value);
      return;
    }
    const short = this.#short;
    if (!short.find(Math.abs(value))) {
      this.#ascii(Number.isFinite(value) ? shortestFloat(value) : 'null');
      return;
    }
    const { digits, places, whole } = short;
    if (value < 0) this.byte(MINUS);
    if (places > EXPONENT_PLACES && digits < (POWERS_OF_TEN[places - EXPONENT_PLACES] as number)) {
      this.#withExponent(digits, places);
    } else this.#fixed(digits, places, whole);
  }

  /** Up to nine digits, whose sums 32 bits hold: `whole` before the point and `places` behind it, less the zeros at the end. */
  #fixed(digits: number, places: number, whole: number): void {
    let rest = digits | 0;
    let left = places | 0;
    while (left > 0 && rest % 10 === 0) {
      rest = (rest / 10) | 0;
      left--;
    }
    this.#reserve(32);
    const bytes = this.#bytes;
    let at = this.#length + whole + (left > 0 ? left + 1 : 0);
    this.#length = at;
    for (let place = left + whole; place > 0; place--) {
      if (place === whole && left > 0) bytes[--at] = POINT;
      const next = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - 10 * next;
      rest = next;
    }
  }

  /** `digits` times ten to the power of minus `places`, as JSON.stringify writes small numbers: `1.25e-7`. */
  #withExponent(digits: number, places: number): void {
    let rest = digits | 0;
    let left = places;
    while (rest % 10 === 0) {
      rest = (rest / 10) | 0;
      left--;
    }
    const fraction = countDigits(rest) - 1;
    const exponent = left - fraction;
    this.#fixed(rest, fraction, 1);
    this.byte(LOWER_E);
    this.byte(MINUS);
    this.#fixed(exponent, 0, exponent < 10 ? 1 : 2);
  }

  /** Below 2^53, which doubles hold exactly. */
  #integer(value: number): void {
    this.#reserve(32);
    const bytes = this.#bytes;
    if (value < 0) bytes[this.#length++] = MINUS;
    let rest = Math.abs(value);
    const count = countDigits(rest);
    this.#length += count;
    for (let at = this.#length - 1, place = 0; place < count; place++) {
      const next = Math.floor(rest / 10);
      bytes[at--] = ZERO + (rest - 10 * next);
      rest = next;
    }
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

function readsBackAs(decimal: number, float: number): boolean {
  return (
    Math.fround(decimal) === float &&
    Math.fround(decimal * (1 - NUDGE)) === float &&
    Math.fround(decimal * (1 + NUDGE)) === float
  );
}

function countDigits(value: number): number {
  let count = 1;
  while (count < 17 && value >= (POWERS_OF_TEN[count] as number)) count++;
  return count;
}

/** The same decimal the slow way, with an exponent where JSON.stringify writes one. */
export function shortestFloat(value: number): string {
  for (let digits = DIGITS_LEAST; digits < DIGITS_MOST; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (readsBackAs(decimal, value)) return String(decimal);
  }
  return String(Number(value.toPrecision(DIGITS_MOST)));
}
