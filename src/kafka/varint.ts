/**
 * A place in a byte array that the readers below move forward. One object serves a whole batch, so
 * that decoding a number allocates nothing.
 */
export interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

/**
 * Bytes that are no record: a number with too many bytes, or bytes that end in the middle of
 * something.
 */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

const MORE = 0x80;
const MAX_SHIFT_32 = 28;
const MAX_SHIFT_64 = 63;

/** Reads a zigzag-encoded 32-bit integer (Kafka's VARINT) and moves the cursor behind it. */
export function readVarint(cursor: Cursor): number {
  const { bytes } = cursor;
  let byte = bytes[cursor.position++];
  if (byte !== undefined && byte < MORE) return (byte >>> 1) ^ -(byte & 1);
  let raw = 0;
  let shift = 0;
  while (byte !== undefined) {
    raw |= (byte & 0x7f) << shift;
    if (byte < MORE) return (raw >>> 1) ^ -(raw & 1);
    shift += 7;
    if (shift > MAX_SHIFT_32) throw new MalformedRecordError('a varint has more than five bytes');
    byte = bytes[cursor.position++];
  }
  throw new MalformedRecordError('the bytes end inside a varint');
}

/** Moves the cursor behind a VARLONG without computing it. */
export function skipVarlong(cursor: Cursor): void {
  const { bytes } = cursor;
  for (let count = 0; count < 10; count++) {
    const byte = bytes[cursor.position++];
    if (byte === undefined) throw new MalformedRecordError('the bytes end inside a varlong');
    if (byte < MORE) return;
  }
  throw new MalformedRecordError('a varlong has more than ten bytes');
}

/** Reads a zigzag-encoded 64-bit integer (Kafka's VARLONG), exactly. */
export function readVarlong(cursor: Cursor): bigint {
  let raw = 0n;
  for (let shift = 0; shift <= MAX_SHIFT_64; shift += 7) {
    const byte = cursor.bytes[cursor.position++];
    if (byte === undefined) throw new MalformedRecordError('the bytes end inside a varlong');
    raw |= BigInt(byte & 0x7f) << BigInt(shift);
    if (byte < MORE) return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
  }
  throw new MalformedRecordError('a varlong has more than ten bytes');
}

/** Reads a VARLONG as a number: exact up to 2^53, which milliseconds never reach. */
export function readVarlongNumber(cursor: Cursor): number {
  const start = cursor.position;
  let raw = 0;
  for (let shift = 0; shift < MAX_SHIFT_32; shift += 7) {
    const byte = cursor.bytes[cursor.position++] ?? MORE;
    raw |= (byte & 0x7f) << shift;
    if (byte < MORE) return (raw >>> 1) ^ -(raw & 1);
  }
  cursor.position = start;
  return Number(readVarlong(cursor));
}

/** Bytes that `writeVarint` will use for a 32-bit integer: 1 to 5. */
export function sizeOfVarint(value: number): number {
  const raw = (value << 1) ^ (value >> 31);
  return raw === 0 ? 1 : Math.ceil((32 - Math.clz32(raw)) / 7);
}

/** Writes a zigzag-encoded 32-bit integer; the caller has made room for it. */
export function writeVarint(cursor: Cursor, value: number): void {
  const { bytes } = cursor;
  let raw = ((value << 1) ^ (value >> 31)) >>> 0;
  while (raw >= MORE) {
    bytes[cursor.position++] = (raw & 0x7f) | MORE;
    raw >>>= 7;
  }
  bytes[cursor.position++] = raw;
}

/** Bytes that `writeVarlong` will use for a safe integer: 1 to 8. */
export function sizeOfVarlong(value: number): number {
  if (value === (value | 0)) return sizeOfVarint(value);
  let raw = zigzag64(value);
  let size = 1;
  while (raw >= 0x80n) {
    raw >>= 7n;
    size++;
  }
  return size;
}

/** Writes a zigzag-encoded safe integer as VARLONG; the caller has made room for it. */
export function writeVarlong(cursor: Cursor, value: number): void {
  if (value === (value | 0)) {
    writeVarint(cursor, value);
    return;
  }
  let raw = zigzag64(value);
  while (raw >= 0x80n) {
    cursor.bytes[cursor.position++] = Number(raw & 0x7fn) | MORE;
    raw >>= 7n;
  }
  cursor.bytes[cursor.position++] = Number(raw);
}

function zigzag64(value: number): bigint {
  const exact = BigInt(value);
  return BigInt.asUintN(64, (exact << 1n) ^ (exact >> 63n));
}
