import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { kafkaForTests } from '../support/kafka.js';
import { crashRun } from './crash-run.js';

test('kill -9 of the runner and of the service in mid-stream loses and doubles nothing', async (t) => {
  const data = await mkdtemp(join(tmpdir(), 'predictd-crash-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const records = 40_000;
  const result = await crashRun({
    kafka: await kafkaForTests(),
    data,
    records,
    partitions: 4,
    kills: ['runner', 'service', 'runner'],
    random: Math.random,
    note: (text) => t.diagnostic(text),
  });
  assert.deepEqual([result.lost, result.doubled, result.outOfOrder], [0, 0, 0]);
  assert.deepEqual(result.counters, { in: records, out: records }, 'counters are exact');
});
