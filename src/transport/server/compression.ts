import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Compression } from '@connectrpc/connect/protocol';
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';
import { gzipFast } from '../gzip.js';

/**
 * Brotli for answers made on the fly. The stock one runs at quality 11, about a hundred times the
 * work for a few per cent: any caller of a long list could keep the thread pool busy with it.
 */
const brotliFast: Compression = {
  name: 'br',
  compress: async (bytes) => new Uint8Array(await brotliAsync(bytes, { params: QUALITY })),
  decompress: compressionBrotli.decompress,
};

/** The same for gzip. */
const gzip: Compression = {
  name: 'gzip',
  compress: async (bytes) => new Uint8Array(await gzipFast(bytes)),
  decompress: compressionGzip.decompress,
};

/** What the server offers. Decompression is bounded by `readMaxBytes` in both. */
export const COMPRESSIONS: readonly Compression[] = [gzip, brotliFast];

const QUALITY = { [constants.BROTLI_PARAM_QUALITY]: 4 };
const brotliAsync = promisify(brotliCompress);
