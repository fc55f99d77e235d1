import { compressSync, uncompressSync } from 'snappy';
import { DecompressionError } from './codec-errors.js';

/**
 * Java clients wrap Snappy blocks in this header, a version and the oldest version able to read it.
 */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_VERSIONS = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]);
const XERIAL_HEADER_BYTES = XERIAL_MAGIC.length + XERIAL_VERSIONS.length;
/** The block size Java's writer uses: readers hold one block at a time. */
const BLOCK_BYTES = 32 * 1024;

/**
 * Inflates Snappy as Kafka carries it: xerial blocks (Java) or one bare block (librdkafka). Each
 * block says its inflated size first, so the limit is checked before anything is allocated; the
 * native decoder refuses a block that lies.
 */
export function decompressSnappy(source: Buffer, limitBytes: number): Buffer {
  const blocks = isXerial(source) ? xerialBlocks(source) : [source];
  let total = 0;
  for (const block of blocks) total += inflatedSize(block);
  if (total > limitBytes) {
    throw new DecompressionError(`the Snappy data inflates to more than ${limitBytes} bytes`);
  }
  const parts = blocks.map(inflate);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

/** Compresses into xerial blocks, which every Kafka client reads. */
export function compressSnappy(source: Buffer): Buffer {
  const parts: Buffer[] = [XERIAL_MAGIC, XERIAL_VERSIONS];
  for (let start = 0; start < source.length; start += BLOCK_BYTES) {
    const block = compressSync(source.subarray(start, start + BLOCK_BYTES));
    const size = Buffer.allocUnsafe(4);
    size.writeUInt32BE(block.length);
    parts.push(size, block);
  }
  return Buffer.concat(parts);
}

function isXerial(source: Buffer): boolean {
  return (
    source.length >= XERIAL_HEADER_BYTES &&
    source.compare(XERIAL_MAGIC, 0, XERIAL_MAGIC.length, 0, XERIAL_MAGIC.length) === 0
  );
}

function xerialBlocks(source: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let position = XERIAL_HEADER_BYTES;
  while (position < source.length) {
    if (position + 4 > source.length) throw new DecompressionError('a Snappy block is cut off');
    const end = position + 4 + source.readUInt32BE(position);
    if (end > source.length) throw new DecompressionError('a Snappy block is cut off');
    blocks.push(source.subarray(position + 4, end));
    position = end;
  }
  return blocks;
}

function inflatedSize(block: Buffer): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return size;
  }
  throw new DecompressionError('a Snappy block does not say its size');
}

function inflate(block: Buffer): Buffer {
  try {
    const inflated = uncompressSync(block, { asBuffer: true });
    return typeof inflated === 'string' ? Buffer.from(inflated) : inflated;
  } catch (error) {
    throw new DecompressionError(`the Snappy data is damaged: ${String(error)}`);
  }
}
