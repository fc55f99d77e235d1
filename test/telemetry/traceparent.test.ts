import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextOf } from '../../src/telemetry/tracing.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('a traceparent is read as W3C says, and nothing else is taken for one', () => {
  const wanted = { traceId, spanId, traceFlags: 1, isRemote: true };
  assert.deepEqual(contextOf(`00-${traceId}-${spanId}-01`), wanted);
  assert.deepEqual(contextOf(`01-${traceId}-${spanId}-01-more`), wanted, 'of a later version');
  for (const wrong of [
    '',
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}-01\n`,
    ` 00-${traceId}-${spanId}-01`,
    '-'.repeat(100_000),
  ]) {
    assert.equal(contextOf(wrong), undefined, wrong.slice(0, 70));
  }
});
