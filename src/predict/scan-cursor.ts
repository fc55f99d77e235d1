/** Where the value of a record stands: a fetched record is one itself. */
export interface ValueRange {
  readonly bytes: Uint8Array;
  readonly valueStart: number;
  /** -1 for a record without a value. */
  readonly valueLength: number;
}

/**
 * A place in one record's bytes; one object serves all records, so that scanning allocates nothing.
 */
export class ScanCursor {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  end = 0;
  /**
   * Whether a byte of 0x80 or above was passed, so that the record still has to be checked to be
   * UTF-8.
   */
  nonAscii = false;

  moveTo(range: ValueRange): void {
    this.bytes = range.bytes;
    this.position = range.valueStart;
    this.end = range.valueStart + range.valueLength;
    this.nonAscii = false;
  }

  /** The byte at the position, or -1 at the end. */
  peek(): number {
    return this.position < this.end ? (this.bytes[this.position] as number) : -1;
  }

  /** Passes white space and returns the byte behind it, or -1 at the end. */
  peekToken(): number {
    const { bytes, end } = this;
    let { position } = this;
    while (position < end) {
      const byte = bytes[position] as number;
      if (byte > SPACE || (byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB)) {
        this.position = position;
        return byte;
      }
      position++;
    }
    this.position = position;
    return -1;
  }
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** The bytes that JSON's grammar is made of. */
export const Ascii = {
  SPACE: 0x20,
  QUOTE: 0x22,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  DOT: 0x2e,
  ZERO: 0x30,
  NINE: 0x39,
  COLON: 0x3a,
  UPPER_E: 0x45,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  LOWER_E: 0x65,
  LOWER_F: 0x66,
  LOWER_N: 0x6e,
  LOWER_T: 0x74,
  LOWER_U: 0x75,
  OPEN_BRACE: 0x7b,
  CLOSE_BRACE: 0x7d,
} as const;
