import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { CallEnd, endsUnary, OpenCalls } from '../../src/transport/call-end.js';

const enough = new ConnectError('enough', Code.Canceled);
const draining = new ConnectError('draining', Code.Unavailable);
const never = new Promise<never>(() => {});

describe('the end of a call', () => {
  test('leaves work alone that settles before it', async () => {
    const end = new CallEnd();
    assert.equal(await end.race(Promise.resolve(1)), 1);
    await assert.rejects(end.race(Promise.reject(new Error('no'))), /no/);
    end.end(enough);
    assert.equal(end.reason, enough);
  });

  test('rejects with its reason, also when it came before', async () => {
    const end = new CallEnd();
    const pending = end.race(never);
    end.end(enough);
    end.end(draining);
    await assert.rejects(pending, enough);
    await assert.rejects(end.race(never), enough);
  });

  test('does not hurry what may finish', async () => {
    const end = new CallEnd();
    let finish = (_value: string) => {};
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const pending = end.race(work, endsUnary);
    end.end(draining);
    finish('done');
    assert.equal(await pending, 'done');
  });

  test('is told by a signal, whether that is asked for before or after', () => {
    const [before, after] = [new CallEnd(), new CallEnd()];
    const { signal } = before;
    assert.equal(signal.aborted, false);
    before.end(enough);
    after.end(enough);
    assert.equal(signal.reason, enough);
    assert.equal(after.signal.reason, enough);
  });

  test('comes at the deadline, at once if that is no time at all', async () => {
    const [soon, now] = [new CallEnd(), new CallEnd()];
    soon.startClock(1);
    now.startClock(1e-6);
    await assert.rejects(soon.race(never), { code: Code.DeadlineExceeded });
    await assert.rejects(now.race(never), { code: Code.DeadlineExceeded });
    assert.equal(new CallEnd().timeoutMs(), undefined);
  });

  test('comes to all calls under way, and to none that has left', () => {
    const calls = new OpenCalls();
    const ends = Array.from({ length: 4 }, () => new CallEnd());
    for (const end of ends) calls.add(end);
    for (const left of [0, 3]) {
      const end = ends[left];
      if (end) calls.remove(end);
    }
    calls.endAll(enough);
    assert.deepEqual(
      ends.map(({ reason }) => reason),
      [undefined, enough, enough, undefined],
    );
  });
});
