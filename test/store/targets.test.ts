import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Target } from '../../src/domain/target.js';
import { sampleSpec, sampleUser, temporaryStore } from './support.js';

function sampleTarget(id: number, name = `target-${id}`): Target {
  return {
    id,
    uid: `target-uid-${id}`,
    name,
    user: 'ann',
    displayName: 'Nightly',
    labels: { team: 'risk' },
    spec: sampleSpec,
    createdAt: 1_700_000_000_000,
  };
}

test('a target reads as it was written, by name and by id, and is gone when it was deleted', async (t) => {
  const { store } = await temporaryStore(t);
  const target = sampleTarget(2);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTarget(target);
  });
  assert.deepEqual(await store.targetByName(target.name), target);
  assert.deepEqual(await store.targetByUid(target.uid), target);
  assert.equal(await store.countTargets('ann'), 1);
  await store.write((writes) => writes.deleteTarget(2));
  assert.equal(await store.targetByName(target.name), undefined);
  assert.equal(await store.countTargets('ann'), 0);
});

test('targets are listed by name, page after page', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (const [id, name] of [
      [2, 'b'],
      [3, 'c'],
      [4, 'a'],
    ] as const) {
      await writes.insertTarget(sampleTarget(id, name));
    }
  });
  const names = async (after?: string) =>
    (await store.listTargets({ limit: 2, ...(after ? { after } : {}) })).map(({ name }) => name);
  assert.deepEqual(await names(), ['a', 'b']);
  assert.deepEqual(await names('b'), ['c']);
});

test("a target's secrets stand in no file of the store", async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTarget(sampleTarget(2));
  });
  for (const name of await readdir(dataDir)) {
    const bytes = await readFile(join(dataDir, name)).catch(() => Buffer.alloc(0));
    assert(!bytes.includes('planted-'), name);
  }
});
