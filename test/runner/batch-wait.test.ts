import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchWait } from '../../src/runner/batch-wait.js';

function after(mostMs: number, ...batchesMs: readonly number[]): number {
  const wait = new BatchWait(mostMs);
  for (const ms of batchesMs) wait.took(ms);
  return wait.ms;
}

describe('the wait for more records', () => {
  it('begins with the most that is allowed', () => {
    assert.equal(after(50), 50);
  });

  it('comes down to what batches take', () => {
    const ms = after(50, ...Array.from({ length: 30 }, () => 8));
    assert.ok(Math.abs(ms - 8) < 0.1, `${ms} ms`);
  });

  it('never is more than allowed, however slow batches are', () => {
    assert.equal(after(50, 400, 2_000), 50);
    assert.equal(after(0, 400, 2_000), 0);
  });

  it('forgets a slow batch after a few', () => {
    const ms = after(50, ...Array.from({ length: 30 }, () => 8), 2_000, 8, 8, 8, 8, 8, 8, 8, 8);
    assert.ok(ms < 13, `${ms} ms`);
  });
});
