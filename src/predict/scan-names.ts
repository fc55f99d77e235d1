import type { ScanCursor } from './scan-cursor.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Finds the column of a field by the bytes of its name. Records of one topic mostly name their
 * fields in one order, so the expected name is compared first; otherwise a hash table answers
 * without making a string.
 */
export class FieldNames {
  /** Undefined for a name that JSON cannot say without an escape: only the parser finds it. */
  readonly #names: readonly (Uint8Array | undefined)[];
  readonly #slots: Int32Array;

  constructor(names: readonly string[]) {
    this.#names = names.map(plainBytes);
    this.#slots = new Int32Array(tableSize(names.length)).fill(-1);
    for (const [column, name] of this.#names.entries()) {
      if (name !== undefined) this.#slots[this.#slotOf(name, 0, name.length)] = column;
    }
  }

  /**
   * The column of the name whose first byte is at the cursor; moves behind its closing quote. -1 is
   * a name of no column; -2 one that only a parser can read: escaped, cut off, or not valid.
   */
  columnAt(cursor: ScanCursor, expected: number): number {
    const { bytes, position: start } = cursor;
    if (this.#isAt(expected, cursor)) {
      cursor.position = start + (this.#names[expected]?.length ?? 0) + 1;
      return expected;
    }
    let end = start;
    for (; end < cursor.end; end++) {
      const byte = bytes[end] as number;
      if (byte === QUOTE) break;
      if (byte < 0x20 || byte === BACKSLASH) return -2;
      if (byte >= 0x80) cursor.nonAscii = true;
    }
    if (end >= cursor.end) return -2;
    cursor.position = end + 1;
    return this.#slots[this.#slotOf(bytes, start, end)] as number;
  }

  #isAt(column: number, cursor: ScanCursor): boolean {
    const name = this.#names[column];
    const { bytes, position, end } = cursor;
    if (name === undefined || position + name.length >= end) return false;
    if (bytes[position + name.length] !== QUOTE) return false;
    return sameBytes(name, bytes, position);
  }

  #slotOf(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let hash = FNV_START;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), FNV_PRIME);
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const column = this.#slots[slot] as number;
      if (column === -1) return slot;
      const name = this.#names[column] as Uint8Array;
      if (name.length === end - start && sameBytes(name, bytes, start)) return slot;
    }
  }
}

function plainBytes(name: string): Uint8Array | undefined {
  const bytes = new TextEncoder().encode(name);
  const special = bytes.some((byte) => byte < 0x20 || byte === QUOTE || byte === BACKSLASH);
  // Half of a surrogate pair has no bytes of its own.
  return special || new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) !== name
    ? undefined
    : bytes;
}

function sameBytes(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < name.length; i++) {
    if (bytes[start + i] !== name[i]) return false;
  }
  return true;
}

/** A power of two that leaves at least half of the slots free. */
function tableSize(names: number): number {
  return 2 ** Math.ceil(Math.log2(2 * names + 2));
}
