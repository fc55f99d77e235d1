import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../../src/domain/limits.js';
import { Absence } from '../../src/supervisor/absence.js';

test('after it was stopped for longer than a lease, a service gives runners a lease to be heard', () => {
  const absence = new Absence();
  assert.equal(absence.isRecent(1_000), false);
  const back = 1_000 + limits.leaseMs + 1;
  assert.equal(absence.isRecent(back), true);
  assert.equal(absence.isRecent(back + limits.leaseMs - 1), true);
  assert.equal(absence.isRecent(back + limits.leaseMs), false);
});

test('a service that is only slow waits for no lease', () => {
  const absence = new Absence();
  for (let now = 0; now < 10 * limits.leaseMs; now += limits.leaseMs) {
    assert.equal(absence.isRecent(now), false);
  }
});
