import { isUtf8 } from 'node:buffer';
import { Ascii, ScanCursor, type ValueRange } from './scan-cursor.js';
import { scanDecimal, scanDecimals } from './scan-decimal.js';
import { FieldNames } from './scan-names.js';
import {
  FEATURES_FIELD,
  type NumberLayout,
  parseRecord,
  readNumbers,
  type ScanFailure,
} from './scan-reference.js';
import { skipNull, skipValue } from './scan-skip.js';

/**
 * Reads the numbers of JSON records straight from their bytes into a tensor: no string, no object,
 * no array on the way. The result is always that of `parseRecord` and `readNumbers`: whatever the
 * scanner finds unusual, it leaves to them, and all failures come from them. One scanner serves one
 * thread.
 */
export class NumberScanner {
  readonly #layout: NumberLayout;
  readonly #width: number;
  readonly #missingAsNaN: boolean;
  readonly #names: FieldNames;
  readonly #cursor = new ScanCursor();
  /**
   * For each column the number of the last record that had it, so that nothing is cleared between
   * records.
   */
  readonly #seenIn: Uint32Array;
  #record = 0;
  #slowRecords = 0;

  constructor(layout: NumberLayout) {
    this.#layout = layout;
    this.#width = layout.kind === 'FIELDS' ? layout.names.length : layout.width;
    this.#missingAsNaN = layout.missingAsNaN ?? false;
    const names = layout.kind === 'FIELDS' ? layout.names : [FEATURES_FIELD];
    if (new Set(names).size !== names.length) throw new RangeError('A field is named twice');
    this.#names = new FieldNames(names);
    this.#seenIn = new Uint32Array(names.length);
  }

  /** Numbers that a record gives: the tensor's second dimension. */
  get width(): number {
    return this.#width;
  }

  /** Records that took the way through `JSON.parse` so far. */
  get slowRecords(): number {
    return this.#slowRecords;
  }

  /**
   * Writes the record's numbers to `out` from index `at`. Undefined on success; after a failure
   * those `width` elements hold nothing of use.
   */
  scan(range: ValueRange, out: Float32Array, at: number): ScanFailure | undefined {
    this.#cursor.moveTo(range);
    this.#record = (this.#record + 1) >>> 0;
    if (this.#record === 0) {
      this.#seenIn.fill(0);
      this.#record = 1;
    }
    if (range.valueLength > 0 && this.#scanObject(out, at) && this.#isUtf8(range)) {
      return undefined;
    }
    this.#slowRecords++;
    const parsed = parseRecord(range);
    if ('failure' in parsed) return parsed.failure;
    return readNumbers(parsed.fields, this.#layout, { out, at });
  }

  #isUtf8(range: ValueRange): boolean {
    if (!this.#cursor.nonAscii) return true;
    const { bytes, valueStart, valueLength } = range;
    return isUtf8(bytes.subarray(valueStart, valueStart + valueLength));
  }

  /** False when the record is left to the parser. */
  #scanObject(out: Float32Array, at: number): boolean {
    const cursor = this.#cursor;
    if (cursor.peekToken() !== Ascii.OPEN_BRACE) return false;
    cursor.position++;
    let expected = 0;
    let seen = 0;
    for (let more = cursor.peekToken() !== Ascii.CLOSE_BRACE; more; ) {
      if (cursor.peekToken() !== Ascii.QUOTE) return false;
      cursor.position++;
      const column = this.#names.columnAt(cursor, expected);
      if (column === -2 || cursor.peekToken() !== Ascii.COLON) return false;
      cursor.position++;
      if (column === -1) {
        if (!skipValue(cursor, 1)) return false;
      } else {
        if (!this.#scanField(out, at + column)) return false;
        expected = column + 1;
        if (this.#seenIn[column] !== this.#record) {
          this.#seenIn[column] = this.#record;
          seen++;
        }
      }
      more = cursor.peekToken() === Ascii.COMMA;
      if (more) cursor.position++;
    }
    if (cursor.peekToken() !== Ascii.CLOSE_BRACE) return false;
    cursor.position++;
    return cursor.peekToken() === -1 && this.#isComplete(seen, out, at);
  }

  #scanField(out: Float32Array, index: number): boolean {
    const byte = this.#cursor.peekToken();
    return this.#layout.kind === 'FIELDS'
      ? this.#scanNumber(byte, out, index)
      : this.#scanFeatures(byte, out, index);
  }

  #scanNumber(byte: number, out: Float32Array, index: number): boolean {
    const cursor = this.#cursor;
    if (byte === Ascii.LOWER_N) {
      out[index] = Number.NaN;
      return this.#missingAsNaN && skipNull(cursor);
    }
    return byte !== -1 && scanDecimal(cursor, out, index) && Number.isFinite(out[index]);
  }

  #scanFeatures(byte: number, out: Float32Array, at: number): boolean {
    const cursor = this.#cursor;
    if (byte !== Ascii.OPEN_BRACKET) return false;
    const width = this.#width;
    cursor.position++;
    for (let column = 0; column < width; column++) {
      column += scanDecimals(cursor, out, { from: at + column, to: at + width - 1 });
      if (!this.#scanNumber(cursor.peekToken(), out, at + column)) return false;
      if (column === width - 1) break;
      if (cursor.peekToken() !== Ascii.COMMA) return false;
      cursor.position++;
    }
    if (cursor.peekToken() !== Ascii.CLOSE_BRACKET) return false;
    cursor.position++;
    return true;
  }

  #isComplete(seen: number, out: Float32Array, at: number): boolean {
    if (seen === this.#seenIn.length) return true;
    if (!this.#missingAsNaN || this.#layout.kind !== 'FIELDS') return false;
    for (let column = 0; column < this.#width; column++) {
      if (this.#seenIn[column] !== this.#record) out[at + column] = Number.NaN;
    }
    return true;
  }
}
