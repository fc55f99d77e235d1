import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordScorer } from '../../src/predict/scorer.js';
import { ThreadModel } from '../../src/runner/thread-model.js';

function modelOf(facts: { readonly rowMs: number; readonly rowsAtOnce?: number }): ThreadModel {
  const scorer: RecordScorer = {
    ...facts,
    spent: { decodeMs: 0, scoreMs: 0 },
    score: async () => undefined,
    release: async () => undefined,
  };
  return new ThreadModel(scorer, '');
}

test('a micro-batch of a slow model is as many records as are scored soon, one at least', () => {
  const model = modelOf({ rowMs: 10 });
  assert.equal(model.rowsWithin(5_000), 500);
  for (let turn = 0; turn < 20; turn++) model.took(12_000, 1);
  assert.equal(model.rowsWithin(5_000), 1);
  assert.equal(model.sliceRows, 1);
  assert.equal(model.slowestMs, 12_000);
  for (let turn = 0; turn < 40; turn++) model.took(100, 1_000);
  assert.ok(model.rowsWithin(5_000) > 40_000);
});

test('a model that others run takes what it takes at once', () => {
  const model = modelOf({ rowMs: 0, rowsAtOnce: 1_000 });
  model.took(60_000, 1_000);
  assert.equal(model.rowsWithin(5_000), Number.POSITIVE_INFINITY);
  assert.equal(model.slowestMs, 0);
  assert.equal(model.sliceRows, 1_000);
});
