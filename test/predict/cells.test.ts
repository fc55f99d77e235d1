import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellColumn } from '../../src/predict/cells.js';

/** Why a column of a type does not take a value, or what it made of it. */
function taken(type: string, value: unknown, missingAsNan = false): unknown {
  const column = cellColumn(type, missingAsNan);
  column.reserve(1);
  return column.set(0, value, 'f')?.reason ?? column.data(1)[0];
}

test('a NaN is a missing number: never a whole one, and a broken one only where that was said', () => {
  for (const type of ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64']) {
    assert.equal(typeof taken(type, Number.NaN, true), 'string', type);
  }
  for (const type of ['float32', 'float64']) {
    assert.equal(taken(type, Number.NaN), 'NOT_FINITE');
    assert.equal(taken(type, Number.NaN, true), Number.NaN);
    assert.equal(taken(type, null), 'FIELD_MISSING');
    assert.equal(taken(type, Number.NEGATIVE_INFINITY, true), 'OUT_OF_RANGE');
  }
});

test('whole numbers are taken to their last bit or not at all', () => {
  assert.equal(taken('int64', '9223372036854775807'), 2n ** 63n - 1n);
  assert.equal(taken('int64', '9223372036854775808'), 'OUT_OF_RANGE');
  assert.equal(taken('uint64', '18446744073709551615'), 2n ** 64n - 1n);
  assert.equal(taken('uint64', -1), 'OUT_OF_RANGE');
  assert.equal(taken('int64', JSON.parse('9007199254740993')), 'OUT_OF_RANGE');
  assert.equal(taken('int64', 1.5), 'WRONG_TYPE');
  assert.equal(taken('int32', 1.5), 'WRONG_TYPE');
  assert.equal(taken('int8', -129), 'OUT_OF_RANGE');
  assert.equal(taken('int8', -128), -128);
});
