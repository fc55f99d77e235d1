const INITIAL_BYTES = 1024;
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const LOWER_E = 0x65;
/** Decimal digits that every float32 survives; six always lose nothing when read back, nine always suffice. */
const FLOAT_DIGITS_LEAST = 6;
const FLOAT_DIGITS_MOST = 9;
/**
 * Within these bounds six digits reach behind the point, and all steps of the fast way are exact in doubles, as powers of
 * ten up to 10^22 are.
 */
const FAST_LEAST = 1e-13;
const FAST_MOST = 1e6;
/** Below it JSON.stringify writes an exponent. */
const EXPONENT_BELOW = 1e-6;
/** A double next to 1, to see whether a decimal is safely within the range that reads back as the same float. */
const NUDGE = 2 ** -51;

/**
 * Writes JSON into one buffer that grows and is used again for each value, so that a prediction is made of no
 * objects and no strings.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

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
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) {
      this.#integer(value);
      return;
    }
    const size = Math.abs(value);
    if (!(size >= FAST_LEAST && size < FAST_MOST)) {
      this.#ascii(Number.isFinite(value) ? shortestFloat(value) : 'null');
      return;
    }
    if (!this.#shortFloat(value < 0, size)) this.#ascii(shortestFloat(value));
  }

  /** Finds the fewest digits: six, then up to nine; trailing zeros fall away. */
  #shortFloat(negative: boolean, size: number): boolean {
    const magnitude = magnitudeOf(size);
    for (let digits = FLOAT_DIGITS_LEAST; digits <= FLOAT_DIGITS_MOST; digits++) {
      const decimals = digits - magnitude;
      if (decimals > 22) return false;
      const scale = POWERS_OF_TEN[decimals] as number;
      const scaled = Math.round(size * scale);
      const decimal = scaled / scale;
      if (readsBackAs(decimal, size)) {
        if (decimal < EXPONENT_BELOW) this.#withExponent(negative, scaled, decimals);
        else this.#decimal(negative, scaled, decimals);
        return true;
      }
    }
    return false;
  }

  #decimal(negative: boolean, scaled: number, decimals: number): void {
    let digits = scaled;
    let places = decimals;
    while (places > 0 && digits % 10 === 0) {
      digits /= 10;
      places--;
    }
    this.#reserve(32);
    const bytes = this.#bytes;
    if (negative) bytes[this.#length++] = MINUS;
    const count = Math.max(places + 1, countDigits(digits));
    let at = this.#length + count + (places > 0 ? 1 : 0);
    this.#length = at;
    let rest = digits;
    for (let place = 0; place < count; place++) {
      if (place === places && places > 0) bytes[--at] = POINT;
      const next = Math.floor(rest / 10);
      bytes[--at] = ZERO + (rest - 10 * next);
      rest = next;
    }
  }

  /** `scaled` times ten to the power of minus `decimals`, as JSON.stringify writes small numbers: `1.25e-7`. */
  #withExponent(negative: boolean, scaled: number, decimals: number): void {
    let digits = scaled;
    let places = decimals;
    while (digits % 10 === 0) {
      digits /= 10;
      places--;
    }
    const fraction = countDigits(digits) - 1;
    this.#decimal(negative, digits, fraction);
    this.#bytes[this.#length++] = LOWER_E;
    this.#decimal(true, places - fraction, 0);
  }

  #integer(value: number): void {
    this.#decimal(value < 0, Math.abs(value), 0);
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

/** Digits before the point; for numbers below one, minus the zeros behind it. */
function magnitudeOf(size: number): number {
  let magnitude = 0;
  if (size >= 1) {
    while (size >= (POWERS_OF_TEN[magnitude] as number)) magnitude++;
    return magnitude;
  }
  while (size * (POWERS_OF_TEN[-magnitude + 1] as number) < 1) magnitude--;
  return magnitude;
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
  for (let digits = FLOAT_DIGITS_LEAST; digits < FLOAT_DIGITS_MOST; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (readsBackAs(decimal, value)) return String(decimal);
  }
  return String(Number(value.toPrecision(FLOAT_DIGITS_MOST)));
}
