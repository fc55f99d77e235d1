import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTurns } from '../../src/service/turns.js';
import { fails } from './world.js';

/** Works that go on until they are let go, and who began in which order. */
function bench() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await setImmediate();
  };
  return { begun, work, end };
}

test('a few works run at once, and the rest goes by turns of those who asked', async () => {
  const { begun, work, end } = bench();
  const inTurn = createTurns({ atOnce: 3, perUser: 2, waitingMax: 9 });
  const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) =>
    inTurn(name.slice(0, 1), work(name)),
  );
  await setImmediate();
  assert.deepEqual(begun, ['a1', 'a2', 'b1']);
  await end('b1');
  assert.deepEqual(begun.slice(3), ['b2'], 'a has two already');
  for (const name of ['a1', 'a2', 'b2', 'a3', 'c1', 'a4']) await end(name);
  assert.deepEqual(begun.slice(4), ['a3', 'c1', 'a4']);
  await Promise.all(all);
});

test('a work that fails gives its place to the next, and too many waiting are refused', async () => {
  const { begun, work, end } = bench();
  const inTurn = createTurns({ atOnce: 1, perUser: 1, waitingMax: 1 });
  const failing = inTurn('a', async () => {
    await setImmediate();
    throw new Error('it broke');
  });
  const next = inTurn('a', work('next'));
  await assert.rejects(inTurn('a', work('late')), fails('QUOTA_EXCEEDED'));
  await assert.rejects(failing, /it broke/);
  await setImmediate();
  assert.deepEqual(begun, ['next']);
  await end('next');
  await next;
  const again = inTurn('a', work('again'));
  await end('again');
  await again;
});
