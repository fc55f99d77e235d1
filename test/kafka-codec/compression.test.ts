import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressFrameSync } from 'lz4-napi';
import { compressSync } from 'snappy';
import { DecompressionError } from '../../src/kafka/codec-errors.js';
import {
  CompressionCodec,
  compress,
  decompress,
  MAX_INFLATED_BATCH_BYTES,
} from '../../src/kafka/compression.js';
import { expectedRecords, fixtures, plain, readAll } from './support.js';

const { GZIP, SNAPPY, LZ4, ZSTD } = CompressionCodec;

describe('batches of other clients are read', () => {
  for (const file of ['java-batches.tsv', 'librdkafka-batches.tsv']) {
    for (const [name, recordSet] of fixtures(file)) {
      if (name === 'transactions') continue;
      test(`${file}: ${name}`, () => {
        const { records } = readAll(recordSet);
        assert.ok(records.length >= 300);
        assert.deepEqual(records.map(plain), expectedRecords(records.length));
      });
    }
  }
});

describe('what is compressed here inflates to the same bytes', () => {
  for (const codec of [GZIP, SNAPPY, LZ4]) {
    test(`codec ${codec}`, () => {
      const blob = fc.oneof(
        fc.uint8Array({ maxLength: 3000 }),
        fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(4000)).map(repeat),
      );
      fc.assert(
        fc.property(blob, (bytes) => {
          const source = Buffer.from(bytes);
          assert.deepEqual(decompress(codec, compress(codec, source)), source);
        }),
        { numRuns: 150 },
      );
    });
  }
});

describe('a compression bomb ends in an error before it is inflated', () => {
  const zeros = Buffer.alloc(MAX_INFLATED_BATCH_BYTES + 1);
  const bombs: [string, number, Buffer][] = [
    ['gzip', GZIP, gzipSync(zeros)],
    ['snappy, one block', SNAPPY, compressSync(zeros)],
    ['snappy, many blocks', SNAPPY, compress(SNAPPY, zeros)],
    ['lz4', LZ4, compressFrameSync(zeros)],
    ['zstd with its size in the header', ZSTD, zstdZeros(zeros.length, true)],
    ['zstd without its size in the header', ZSTD, zstdZeros(zeros.length, false)],
    ['zstd in many frames', ZSTD, manyZstdFrames(400)],
  ];
  for (const [name, codec, bomb] of bombs) {
    test(name, () => {
      assert.throws(
        () => decompress(codec, bomb),
        (error) =>
          error instanceof DecompressionError && /more than 33554432 bytes/.test(error.message),
      );
    });
  }

  test('a batch exactly at the limit is inflated', () => {
    const full = zeros.subarray(1);
    for (const codec of [GZIP, SNAPPY, LZ4]) {
      assert.equal(decompress(codec, compress(codec, full)).length, full.length);
    }
    assert.equal(decompress(ZSTD, zstdZeros(full.length, false)).length, full.length);
  });

  test('a Zstandard window is no larger than what is in it', () => {
    const frame = zstdZeros(10, false);
    for (const log of [24, 27, 41]) {
      frame.writeUInt8((log - 10) << 3, 5);
      const before = process.memoryUsage().arrayBuffers;
      assert.equal(decompress(ZSTD, frame).length, 10);
      assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 22);
    }
  });
});

describe('damaged data ends in a clear error', () => {
  const java = fixtures('java-batches.tsv');
  for (const [name, codec] of Object.entries({
    gzip: GZIP,
    snappy: SNAPPY,
    lz4: LZ4,
    zstd: ZSTD,
  })) {
    const source = (java.get(name) ?? Buffer.alloc(0)).subarray(61);

    test(`${name} cut off anywhere`, () => {
      for (let length = 0; length < source.length; length += 37) {
        const cut = source.subarray(0, length);
        assert.ok(failsClearly(() => decompress(codec, cut)) || isPrefix(codec, source, cut));
      }
    });

    test(`${name} with bytes changed`, () => {
      const change = fc.array(fc.tuple(fc.nat(source.length - 1), fc.nat(255)), { minLength: 1 });
      fc.assert(
        fc.property(change, (changes) => {
          const damaged = Buffer.from(source);
          for (const [at, byte] of changes) damaged[at] = byte;
          failsClearly(() => decompress(codec, damaged));
        }),
        { numRuns: 300 },
      );
    });
  }

  test('an unknown codec is named', () => {
    assert.throws(() => decompress(5, Buffer.alloc(3)), /compression codec 5 is unknown/);
  });

  test('writing Zstandard is refused with the codecs that can be written', () => {
    assert.throws(() => compress(ZSTD, Buffer.alloc(3)), /use gzip, snappy or lz4/);
  });
});

function failsClearly(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    assert.ok(error instanceof DecompressionError, String(error));
    return true;
  }
}

/**
 * Block formats end where their blocks end: a cut between two blocks is a shorter batch, which the
 * record count catches.
 */
function isPrefix(codec: number, whole: Buffer, cut: Buffer): boolean {
  const part = decompress(codec, cut);
  return decompress(codec, whole).subarray(0, part.length).equals(part);
}

function repeat([unit, count]: [Uint8Array, number]): Uint8Array {
  return Buffer.alloc(unit.length * count, unit);
}

/** A Zstandard frame of zeros in run-length blocks of 128 KiB, with a window of 128 KiB. */
function zstdZeros(total: number, sizeInHeader: boolean): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, sizeInHeader ? 0xc0 : 0, (17 - 10) << 3]);
  const size = Buffer.alloc(sizeInHeader ? 8 : 0);
  if (sizeInHeader) size.writeBigUInt64LE(BigInt(total));
  const blocks: Buffer[] = [];
  for (let left = total; left > 0; left -= 131072) {
    const last = left <= 131072 ? 1 : 0;
    const block = Buffer.alloc(4);
    block.writeUIntLE((Math.min(left, 131072) << 3) | (1 << 1) | last, 0, 3);
    blocks.push(block);
  }
  return Buffer.concat([head, size, ...blocks]);
}

function manyZstdFrames(count: number): Buffer {
  const frame = zstdZeros(131072, false);
  return Buffer.concat(Array.from({ length: count }, () => frame));
}
