import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plainRecord, type SourceRecord } from '../../src/kafka/source-record.js';
import { PartitionBuffer, type PartitionBufferOptions } from '../../src/runner/partition-buffer.js';

const never = new AbortController().signal;

function record(offset: number): SourceRecord {
  return plainRecord({
    key: null,
    value: Buffer.from('{}'),
    timestamp: '0',
    offset: String(offset),
  });
}

function chunk(offsets: readonly number[], nextOffset: number, stableEnd = nextOffset) {
  return { records: offsets.map(record), byteLength: 66 * offsets.length, nextOffset, stableEnd };
}

function buffer(options: Partial<PartitionBufferOptions> = {}): PartitionBuffer {
  return new PartitionBuffer({
    offset: 0,
    maxBytes: 1_000_000,
    onAnswer: () => undefined,
    ...options,
  });
}

const two = { maxRecords: 2, maxWaitMs: 0 };

async function takeAll(from: PartitionBuffer, maxRecords: number) {
  const taken = await from.take({ maxRecords, maxWaitMs: 0 }, never);
  return taken && { count: taken.records.length, nextOffset: taken.nextOffset };
}

describe('records that wait', () => {
  it('are handed out in order, across fetches, with the offset behind them', async () => {
    const own = buffer();
    own.receive(chunk([0, 1, 2], 3));
    own.receive(chunk([3, 5], 7));
    assert.deepEqual(await takeAll(own, 2), { count: 2, nextOffset: 2 });
    assert.deepEqual(await takeAll(own, 2), { count: 2, nextOffset: 4 });
    assert.deepEqual(await takeAll(own, 2), { count: 1, nextOffset: 7 });
  });

  it('may fill a batch to the end of a fetch', async () => {
    const own = buffer();
    own.receive(chunk([0, 1], 3));
    own.receive(chunk([3], 4));
    assert.deepEqual(await takeAll(own, 2), { count: 2, nextOffset: 3 });
    assert.deepEqual(await takeAll(own, 2), { count: 1, nextOffset: 4 });
  });

  it('let go of fetched memory once the last of its records was handed out', async () => {
    const released: string[] = [];
    const release = (name: string) => () => void released.push(name);
    const own = buffer();
    own.receive({ ...chunk([0, 1, 2], 3), release: release('first') });
    own.receive({ ...chunk([3, 4], 5), release: release('second') });
    const [some, more] = [await own.take(two, never), await own.take(two, never)];
    some?.release();
    assert.deepEqual(released, []);
    more?.release();
    assert.deepEqual(released, ['first']);
    (await own.take(two, never))?.release();
    assert.deepEqual(released, ['first', 'second']);
  });

  it('hold no memory of fetches that brought none', () => {
    let released = 0;
    const release = () => void released++;
    const own = buffer();
    own.receive({ ...chunk([], 0), release });
    own.receive({ ...chunk([], 4), release });
    assert.equal(released, 2);
  });

  it('carry the markers behind them along', async () => {
    const own = buffer();
    own.receive(chunk([0, 1], 3));
    own.receive(chunk([], 9));
    assert.deepEqual(await takeAll(own, 10), { count: 2, nextOffset: 9 });
  });

  it('go out as soon as there are enough', async () => {
    const own = buffer();
    const taking = own.take({ maxRecords: 3, maxWaitMs: 60_000 }, never);
    own.receive(chunk([0, 1], 2));
    own.receive(chunk([2], 3));
    assert.equal((await taking)?.records.length, 3);
  });

  it('go out when the first one waited long enough', async () => {
    const own = buffer();
    const startedAt = performance.now();
    const taking = own.take({ maxRecords: 10, maxWaitMs: 30 }, never);
    own.receive(chunk([0], 1));
    assert.equal((await taking)?.records.length, 1);
    assert.ok(performance.now() - startedAt >= 29);
  });

  it('stop the fetching when they are too many, and then do not wait for more', async () => {
    const own = buffer({ maxBytes: 100 });
    assert.equal(own.wantsMore(), true);
    own.receive(chunk([0, 1, 2], 3));
    assert.equal(own.wantsMore(), false);
    const taken = await own.take({ maxRecords: 10, maxWaitMs: 60_000 }, never);
    assert.equal(taken?.records.length, 3);
    assert.equal(own.wantsMore(), true);
  });

  it('end where a bounded execution ends', async () => {
    const own = buffer({ endOffset: 2 });
    own.receive(chunk([0, 1, 2, 3], 4));
    assert.equal(own.reachedEnd, true);
    assert.deepEqual(await takeAll(own, 10), { count: 2, nextOffset: 2 });
    assert.equal(await takeAll(own, 10), undefined);
  });

  it('go out although the records behind them are gone', async () => {
    const own = buffer();
    own.receive(chunk([0, 1], 2));
    own.outOfRange();
    assert.equal(own.wantsMore(), false);
    assert.deepEqual(await takeAll(own, 10), { count: 2, nextOffset: 2 });
    assert.equal(await takeAll(own, 10), undefined);
  });

  it('are given up when the partition goes elsewhere', async () => {
    const gone = new AbortController();
    const taking = buffer().take({ maxRecords: 10, maxWaitMs: 60_000 }, gone.signal);
    gone.abort();
    assert.equal(await taking, undefined);
  });
});
