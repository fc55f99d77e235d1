import { Decompress } from 'fzstd';
import { DecompressionError } from './codec-errors.js';

const FRAME_MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0b0010_0000;
const RESERVED_BIT = 0b0000_1000;
const HAS_CHECKSUM = 0b0000_0100;
/** A Zstandard block never inflates to more than this many bytes. */
const MAX_BLOCK_BYTES = 128 * 1024;
const MIN_WINDOW_LOG = 10;

/**
 * Inflates Zstandard frames with at most `limitBytes` of output and one window of memory. The
 * decoder would allocate whatever window a frame's header names, so that one larger than the frame
 * or the limit can fill is made smaller: records come in small frames with a window made for large
 * ones, of 128 MiB at the highest of the levels that producers and brokers can be set to.
 */
export function decompressZstd(source: Buffer, limitBytes: number): Buffer {
  const parts: Uint8Array[] = [];
  let total = 0;
  const collect = (part: Uint8Array) => {
    total += part.length;
    if (total > limitBytes) {
      throw new DecompressionError(`the Zstandard data inflates to more than ${limitBytes} bytes`);
    }
    parts.push(part);
  };
  let position = 0;
  while (position < source.length) {
    const frame = readFrame(source.subarray(position), limitBytes);
    inflateFrame(frame.bytes, collect);
    position += frame.length;
  }
  return Buffer.concat(parts, total);
}

function inflateFrame(frame: Buffer, collect: (part: Uint8Array) => void): void {
  try {
    new Decompress(collect).push(frame, true);
  } catch (error) {
    if (error instanceof DecompressionError) throw error;
    throw new DecompressionError(`the Zstandard data is damaged: ${String(error)}`);
  }
}

function readFrame(source: Buffer, limitBytes: number): { bytes: Buffer; length: number } {
  if (source.length < 9 || source.readUInt32LE(0) !== FRAME_MAGIC) {
    throw new DecompressionError('the bytes are not a Zstandard frame');
  }
  const flags = source.readUInt8(4);
  const single = (flags & SINGLE_SEGMENT) !== 0;
  if ((flags & RESERVED_BIT) !== 0) {
    throw new DecompressionError('the Zstandard frame uses a feature unknown here');
  }
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >>> 6] ?? 0;
  const sizeAt = (single ? 5 : 6) + dictionaryBytes;
  const headerBytes = sizeAt + sizeBytes;
  if (source.length < headerBytes + 3)
    throw new DecompressionError('the Zstandard frame is cut off');
  if (contentSize(source, sizeAt, sizeBytes) > limitBytes) {
    throw new DecompressionError(`the Zstandard data inflates to more than ${limitBytes} bytes`);
  }
  const walk = walkBlocks(source, headerBytes);
  const length = walk.end + ((flags & HAS_CHECKSUM) !== 0 ? 4 : 0);
  if (length > source.length) throw new DecompressionError('the Zstandard frame is cut off');
  const frame = source.subarray(0, length);
  const most = Math.min(limitBytes, walk.blocks * MAX_BLOCK_BYTES);
  return { bytes: single ? frame : withFittingWindow(frame, most), length };
}

function contentSize(source: Buffer, at: number, bytes: number): number {
  if (bytes === 8) return Number(source.readBigUInt64LE(at));
  if (bytes === 0) return 0;
  return source.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function walkBlocks(source: Buffer, start: number): { end: number; blocks: number } {
  let position = start;
  for (let blocks = 1; ; blocks++) {
    if (position + 3 > source.length) throw new DecompressionError('a Zstandard block is cut off');
    const header = source.readUIntLE(position, 3);
    const size = header >>> 3;
    const type = (header >>> 1) & 3;
    if (type === 3 || size > MAX_BLOCK_BYTES) {
      throw new DecompressionError('a Zstandard block has a wrong type or size');
    }
    position += 3 + (type === 1 ? 1 : size);
    if ((header & 1) !== 0) return { end: position, blocks };
  }
}

/** `most`: bytes that the frame may inflate to. */
function withFittingWindow(frame: Buffer, most: number): Buffer {
  const log = MIN_WINDOW_LOG + (frame.readUInt8(5) >>> 3);
  const enough = Math.ceil(Math.log2(Math.max(MAX_BLOCK_BYTES, most)));
  if (enough >= log) return frame;
  const smaller = Buffer.from(frame);
  smaller.writeUInt8((enough - MIN_WINDOW_LOG) << 3, 5);
  return smaller;
}
