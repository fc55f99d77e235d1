import { DecompressionError } from './codec-errors.js';

const FRAME_MAGIC = 0x184d2204;
const VERSION_BITS = 0b1100_0000;
const VERSION_1 = 0b0100_0000;
const HAS_BLOCK_CHECKSUM = 0b0001_0000;
const HAS_CONTENT_SIZE = 0b0000_1000;
const HAS_CONTENT_CHECKSUM = 0b0000_0100;
const HAS_DICTIONARY = 0b0000_0001;
const STORED_BLOCK = 0x8000_0000;
const MIN_MATCH = 4;
/** Below this length a loop beats the call into the engine's bulk copy. */
const SHORT_COPY = 32;
/** First guess of the ratio: JSON records usually shrink to a quarter. */
const EXPECTED_RATIO = 4;
/** Smallest output buffer in bytes, so that tiny batches do not grow several times. */
const MIN_OUTPUT = 4096;

/**
 * Inflates one LZ4 frame without ever holding more than `limitBytes` of output: the room for each
 * literal run and match is checked before it is copied, which a native decoder without a limit
 * cannot offer. The frame's own checksums are not looked at, as the record batch around it has a
 * CRC.
 */
export function decompressLz4Frame(source: Buffer, limitBytes: number): Buffer {
  const frame = readFrameHeader(source);
  const state: Inflation = {
    source,
    output: Buffer.allocUnsafe(
      Math.min(limitBytes, Math.max(MIN_OUTPUT, source.length * EXPECTED_RATIO)),
    ),
    length: 0,
    limitBytes,
  };
  let position = frame.dataStart;
  for (;;) {
    if (position + 4 > source.length) throw new DecompressionError('the LZ4 frame is cut off');
    const marker = source.readUInt32LE(position);
    position += 4;
    if (marker === 0) break;
    const size = marker & ~STORED_BLOCK;
    const end = position + size;
    if (end > source.length) throw new DecompressionError('an LZ4 block is cut off');
    if (marker >= STORED_BLOCK) copyLiterals(state, position, size);
    else inflateBlock(state, position, end);
    position = end + (frame.blockChecksum ? 4 : 0);
  }
  if (position + (frame.contentChecksum ? 4 : 0) !== source.length) {
    throw new DecompressionError('bytes follow the LZ4 frame, or its checksum is cut off');
  }
  return state.output.subarray(0, state.length);
}

interface Inflation {
  readonly source: Buffer;
  output: Buffer;
  length: number;
  readonly limitBytes: number;
}

function readFrameHeader(source: Buffer) {
  if (source.length < 7 || source.readUInt32LE(0) !== FRAME_MAGIC) {
    throw new DecompressionError('the bytes are not an LZ4 frame');
  }
  const flags = source.readUInt8(4);
  if ((flags & VERSION_BITS) !== VERSION_1 || (flags & HAS_DICTIONARY) !== 0) {
    throw new DecompressionError('the LZ4 frame needs a version or a dictionary unknown here');
  }
  return {
    dataStart: (flags & HAS_CONTENT_SIZE) !== 0 ? 15 : 7,
    blockChecksum: (flags & HAS_BLOCK_CHECKSUM) !== 0,
    contentChecksum: (flags & HAS_CONTENT_CHECKSUM) !== 0,
  };
}

function inflateBlock(state: Inflation, start: number, end: number): void {
  const { source } = state;
  let position = start;
  while (position < end) {
    const token = source[position++] as number;
    let literals = token >>> 4;
    if (literals === 15) {
      const from = position;
      position = skipLength(source, position, end);
      literals += lengthBetween(source, from, position);
    }
    if (position + literals > end) throw new DecompressionError('LZ4 literals are cut off');
    copyLiterals(state, position, literals);
    position += literals;
    if (position === end) return;
    if (position + 2 > end) throw new DecompressionError('an LZ4 match is cut off');
    const distance = (source[position] as number) | ((source[position + 1] as number) << 8);
    position += 2;
    let match = (token & 15) + MIN_MATCH;
    if ((token & 15) === 15) {
      const from = position;
      position = skipLength(source, position, end);
      match += lengthBetween(source, from, position);
    }
    copyMatch(state, distance, match);
  }
}

function skipLength(source: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end && source[position] === 255) position++;
  if (position >= end) throw new DecompressionError('an LZ4 length is cut off');
  return position + 1;
}

function lengthBetween(source: Buffer, start: number, end: number): number {
  return (end - start - 1) * 255 + (source[end - 1] as number);
}

function copyLiterals(state: Inflation, from: number, length: number): void {
  reserve(state, length);
  const { source, output } = state;
  const to = state.length;
  if (length <= SHORT_COPY) {
    for (let i = 0; i < length; i++) output[to + i] = source[from + i] as number;
  } else source.copy(output, to, from, from + length);
  state.length = to + length;
}

function copyMatch(state: Inflation, distance: number, length: number): void {
  if (distance === 0 || distance > state.length) {
    throw new DecompressionError('an LZ4 match points before the start of the data');
  }
  reserve(state, length);
  const { output } = state;
  const to = state.length;
  const from = to - distance;
  if (length <= SHORT_COPY || length > distance) {
    for (let i = 0; i < length; i++) output[to + i] = output[from + i] as number;
  } else output.copyWithin(to, from, from + length);
  state.length = to + length;
}

function reserve(state: Inflation, more: number): void {
  const needed = state.length + more;
  if (needed <= state.output.length) return;
  if (needed > state.limitBytes) {
    throw new DecompressionError(`the LZ4 data inflates to more than ${state.limitBytes} bytes`);
  }
  const larger = Buffer.allocUnsafe(Math.min(state.limitBytes, 2 * needed));
  state.output.copy(larger, 0, 0, state.length);
  state.output = larger;
}
