import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration, parseTimeout } from '../../src/cli/duration.js';
import { CommandError } from '../../src/cli/exit-code.js';

test('a duration may be longer than a timer can wait', () => {
  assert.equal(parseDuration('720h', '--older-than'), parseDuration('30d', '--older-than'));
  assert.equal(parseDuration('30d', '--older-than'), 30 * 86_400_000);
  assert.equal(parseTimeout('1.5s', '--timeout'), 1_500);
  assert.throws(() => parseTimeout('30d', '--timeout'), CommandError);
  assert.throws(() => parseDuration('30', '--older-than'), /--older-than: "30" is no duration/);
});
