import { gunzipSync, gzipSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { DecompressionError } from './codec-errors.js';
import { decompressLz4Frame } from './lz4-frame.js';
import { compressSnappy, decompressSnappy } from './snappy-xerial.js';
import { decompressZstd } from './zstd-frame.js';

/**
 * Kafka's numbers of the compression codecs, as they stand in the lowest three bits of a batch's
 * attributes.
 */
export const CompressionCodec = { NONE: 0, GZIP: 1, SNAPPY: 2, LZ4: 3, ZSTD: 4 } as const;
export type CompressionCodec = (typeof CompressionCodec)[keyof typeof CompressionCodec];

/**
 * Largest inflated size of one batch in bytes: 32 MiB. Brokers accept batches of 1 MiB by default,
 * and real records shrink less than thirtyfold; a kilobyte that inflates to gigabytes is an attack
 * on the runner's memory.
 */
export const MAX_INFLATED_BATCH_BYTES = 32 * 1024 * 1024;

/**
 * Inflates the records of one batch. Works synchronously: a batch is small, and the caller is a
 * predictor thread which has nothing else to do before it has records.
 *
 * @throws DecompressionError when the bytes are damaged, inflate to more than `limitBytes`, or the
 * codec is unknown.
 */
export function decompress(
  codec: number,
  source: Buffer,
  limitBytes: number = MAX_INFLATED_BATCH_BYTES,
): Buffer {
  switch (codec) {
    case CompressionCodec.NONE:
      return source;
    case CompressionCodec.GZIP:
      return decompressGzip(source, limitBytes);
    case CompressionCodec.SNAPPY:
      return decompressSnappy(source, limitBytes);
    case CompressionCodec.LZ4:
      return decompressLz4Frame(source, limitBytes);
    case CompressionCodec.ZSTD:
      return decompressZstd(source, limitBytes);
    default:
      throw new DecompressionError(`compression codec ${codec} is unknown`);
  }
}

/**
 * Compresses the records of one batch.
 *
 * @throws RangeError for Zstandard, which this service only reads: Node 20 has no encoder for it.
 */
export function compress(codec: number, source: Buffer): Buffer {
  switch (codec) {
    case CompressionCodec.NONE:
      return source;
    case CompressionCodec.GZIP:
      return gzipSync(source);
    case CompressionCodec.SNAPPY:
      return compressSnappy(source);
    case CompressionCodec.LZ4:
      return compressFrameSync(source);
    default:
      throw new RangeError(`compression codec ${codec} cannot be written; use gzip, snappy or lz4`);
  }
}

function decompressGzip(source: Buffer, limitBytes: number): Buffer {
  try {
    return gunzipSync(source, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new DecompressionError(`the gzip data inflates to more than ${limitBytes} bytes`);
    }
    throw new DecompressionError(`the gzip data is damaged: ${String(error)}`);
  }
}
