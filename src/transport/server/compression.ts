import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { Compression } from '@connectrpc/connect/protocol';
import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';

/**
 * Brotli for answers made on the fly. The stock one runs at quality 11, about a hundred times the
 * work for a few per cent: any caller of a long list could keep the thread pool busy with it.
 */
export const brotliFast: Compression = {
  name: 'br',
  compress: async (bytes) => new Uint8Array(await compress(bytes, { params: QUALITY })),
  decompress: compressionBrotli.decompress,
};

/** What the server offers. Decompression is bounded by `readMaxBytes` in both. */
export const COMPRESSIONS: readonly Compression[] = [compressionGzip, brotliFast];

const QUALITY = { [constants.BROTLI_PARAM_QUALITY]: 4 };
const compress = promisify(brotliCompress);
