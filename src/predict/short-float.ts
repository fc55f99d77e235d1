/** Decimal digits that every float32 survives; six always lose nothing when read back, nine always suffice. */
export const DIGITS_LEAST = 6;
export const DIGITS_MOST = 9;
/** The powers of ten that are exact in a double. */
export const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const FRACTIONS = Float64Array.of(1, 0.1, 0.01, 0.001);
/**
 * Within these bounds nine digits reach behind the point, and all powers of ten on the way are exact in doubles.
 */
const LEAST = 1e-13;
const MOST = 1e6;
/** Finer than six to nine digits tell apart, and far coarser than what doubles round away on the way. */
const DOUBT = 1e-5;
const EXPONENT_SHIFT = 23;
const EXPONENTS = 256;
const EXPONENT_BIAS = 127;
const FRACTION_MASK = 0x7fffff;

/** For each binary exponent half the distance between two floats that have it. */
const HALF_STEPS = Float64Array.from(
  { length: EXPONENTS },
  (_, exponent) => 2 ** (exponent - EXPONENT_BIAS - EXPONENT_SHIFT - 1),
);
/** For each binary exponent the digits before the point of its least float; below one, minus the zeros behind the point. */
const MAGNITUDES = Int8Array.from({ length: EXPONENTS }, (_, exponent) =>
  Math.max(-128, Math.floor(Math.log10(2 ** (exponent - EXPONENT_BIAS))) + 1),
);

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The shortest decimal of a float32, as a whole number and how many of its digits stand behind the point. One object serves all
 * floats, one after another.
 */
export class ShortFloat {
  /** At most nine digits. */
  digits = 0;
  /** Up to 21; trailing zeros of `digits` count. */
  places = 0;
  /** Digits before the point, at least the zero that stands there. */
  whole = 1;

  /**
   * Finds the fewest digits, six to nine, that read back as the same float32; `size` is not negative. False: it is too large, too
   * small, or too close to call, and is to be found another way.
   *
   * Nine digits are cut to fewer, and those are right when they stay within half a step between floats. What doubles cannot decide
   * for sure, one float in many thousands, is left open.
   */
  find(size: number): boolean {
    if (!(size >= LEAST && size < MOST)) return false;
    float[0] = size;
    const word = bits[0] as number;
    // Below a power of two the steps are half as wide.
    if ((word & FRACTION_MASK) === 0) return false;
    const exponent = word >>> EXPONENT_SHIFT;
    let magnitude = MAGNITUDES[exponent] as number;
    if (size >= powerOfTen(magnitude)) magnitude++;
    const places = DIGITS_MOST - magnitude;
    const scale = POWERS_OF_TEN[places] as number;
    const scaled = size * scale;
    const half = (HALF_STEPS[exponent] as number) * scale;
    for (let dropped = DIGITS_MOST - DIGITS_LEAST; dropped >= 0; dropped--) {
      const unit = POWERS_OF_TEN[dropped] as number;
      const digits = (scaled * (FRACTIONS[dropped] as number) + 0.5) | 0;
      const error = Math.abs(scaled - digits * unit);
      if (error > half + DOUBT) continue;
      if (error > half - DOUBT || error > unit / 2 - DOUBT) return false;
      this.digits = digits;
      this.places = places - dropped;
      this.whole = magnitude > 0 ? magnitude : 1;
      return true;
    }
    return false;
  }
}

function powerOfTen(exponent: number): number {
  return exponent >= 0
    ? (POWERS_OF_TEN[exponent] as number)
    : 1 / (POWERS_OF_TEN[-exponent] as number);
}
