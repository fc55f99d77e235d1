import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { JsonWriter, shortestFloat } from '../../src/predict/json-writer.js';

const RUNS = 20_000;

function written(write: (json: JsonWriter) => void): string {
  const json = new JsonWriter();
  write(json);
  return json.bytes.toString('utf8', 0, json.length);
}

const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true });
const nearFloat = fc
  .tuple(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.integer({ min: -14, max: 10 }))
  .map(([fraction, exponent]) => Math.fround(fraction * 10 ** exponent));

describe('a float32 as JSON', () => {
  for (const [kind, floats] of [
    ['of any size', anyFloat],
    ['of usual size', nearFloat],
  ] as const) {
    it(`reads back as the same float32, ${kind}`, () => {
      fc.assert(
        fc.property(floats, (value) => {
          const back = Math.fround(JSON.parse(written((json) => json.float(value))));
          assert.equal(back, value === 0 ? 0 : value);
        }),
        { numRuns: RUNS },
      );
    });

    it(`has as few digits as possible, ${kind}`, () => {
      fc.assert(
        fc.property(floats, (value) => {
          const text = written((json) => json.float(value));
          if (Number.isInteger(value) && Math.abs(value) < 2 ** 24) {
            assert.equal(text, String(value === 0 ? 0 : value));
          } else assert.equal(text, shortestFloat(value));
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('looks as people write it', () => {
    const cases: [number, string][] = [
      [0.1, '0.1'],
      [-0.5, '-0.5'],
      [1 / 3, '0.33333334'],
      [1e-7, '1e-7'],
      [1.25e-6, '0.00000125'],
      [3.4028234e38, '3.4028235e+38'],
      [16_777_216, '16777216'],
      [-0, '0'],
      [Number.NaN, 'null'],
      [Number.NEGATIVE_INFINITY, 'null'],
    ];
    for (const [value, text] of cases) {
      assert.equal(
        written((json) => json.float(Math.fround(value))),
        text,
      );
    }
  });
});

describe('other values as JSON', () => {
  it('writes doubles as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        assert.equal(
          written((json) => json.double(value)),
          JSON.stringify(value),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('writes 64-bit integers as numbers while they are exact, and as text beyond', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (value) => {
        const low = Number(BigInt.asIntN(32, value));
        const high = Number(value >> 32n);
        const expected = Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`;
        assert.equal(
          written((json) => json.int64(low, high)),
          expected,
        );
        assert.equal(
          written((json) => json.bigint(value)),
          expected,
        );
      }),
      { numRuns: RUNS },
    );
    assert.equal(
      written((json) => json.int64(-1, -1)),
      '-1',
    );
    assert.equal(
      written((json) => json.int64(1, 0x200000)),
      '"9007199254740993"',
    );
  });

  it('writes any text as a JSON string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        assert.equal(JSON.parse(written((json) => json.text(value))), value);
      }),
    );
  });
});
