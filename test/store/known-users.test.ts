import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DomainError } from '../../src/domain/errors.js';
import { type Connection, connect } from '../../src/store/connection.js';
import type { StoreOptions } from '../../src/store/store.js';
import { domainError, sampleUser, temporaryStore } from './support.js';

/** A store that counts its reads. */
async function countingStore(t: TestContext, options: Partial<StoreOptions> = {}) {
  let reads = 0;
  const observe = (operation: 'read' | 'write') => {
    if (operation === 'read') reads += 1;
  };
  const { store } = await temporaryStore(t, { ...options, observe });
  return { store, reads: () => reads };
}

const ann = sampleUser('ann');

test('a user who was found once is found again without a read', async (t) => {
  const { store, reads } = await countingStore(t);
  await store.write((writes) => writes.insertUser(ann));
  for (let nth = 0; nth < 3; nth += 1) {
    assert.deepEqual(await store.userByTokenHash(ann.tokenHash), ann);
    assert.deepEqual(await store.userByName('ann'), ann);
  }
  assert.equal(reads(), 2);
  await store.write((writes) => writes.nextId());
  assert.deepEqual(await store.userByName('ann'), ann);
  assert.equal(reads(), 2, 'a write of other things moves no user');
});

test('a deleted user is found no more, and one of the same name is another', async (t) => {
  const { store } = await countingStore(t);
  await store.write((writes) => writes.insertUser(ann));
  assert.deepEqual(await store.userByTokenHash(ann.tokenHash), ann);
  assert.deepEqual(await store.userByName('ann'), ann);
  await store.write((writes) => writes.deleteUser('ann'));
  assert.equal(await store.userByTokenHash(ann.tokenHash), undefined);
  assert.equal(await store.userByName('ann'), undefined);
  const second = { ...ann, id: 2, tokenHash: 'another' };
  await store.write((writes) => writes.insertUser(second));
  assert.equal(await store.userByTokenHash(ann.tokenHash), undefined);
  assert.deepEqual(await store.userByName('ann'), second);
});

test('a user is found by new credentials only, from the moment that they are written', async (t) => {
  const { store } = await countingStore(t);
  const bob = { ...sampleUser('bob'), id: 2 };
  await store.write(async (writes) => {
    await writes.insertUser(ann);
    await writes.insertUser(bob);
  });
  assert.deepEqual(await store.userByTokenHash(ann.tokenHash), ann);
  assert.deepEqual(await store.userByName('ann'), ann);
  const next = { passwordHash: '$new$', tokenHash: 'new', secretKeySealed: 'v1.new' };
  await store.write((writes) => writes.updateCredentials(ann.id, next));
  assert.equal(await store.userByTokenHash(ann.tokenHash), undefined);
  assert.deepEqual(await store.userByTokenHash('new'), { ...ann, ...next });
  assert.deepEqual(await store.userByName('ann'), { ...ann, ...next });
  assert.deepEqual(await store.userByName('bob'), bob);
});

test('a user is replaced in one write, and both sides see one of them', async (t) => {
  const { store } = await countingStore(t);
  await store.write((writes) => writes.insertUser(ann));
  assert.deepEqual(await store.userByName('ann'), ann);
  const second = { ...ann, id: 2 };
  await store.write(async (writes) => {
    await writes.deleteUser('ann');
    assert.equal(await writes.userByName('ann'), undefined);
    assert.deepEqual(await store.userByName('ann'), ann, 'it is not committed');
    await writes.insertUser(second);
  });
  assert.deepEqual(await store.userByName('ann'), second);
});

test('a read that was under way when the user was deleted neither answers nor keeps the old row', async (t) => {
  let hold: Promise<void> = Promise.resolve();
  let hasRead: () => void = () => undefined;
  const { store, reads } = await countingStore(t, {
    connect: async (options) => {
      const real = await connect(options);
      if (!options.readOnly) return real;
      const all: Connection['all'] = async (sql, parameters) => {
        const rows = await real.all(sql, parameters);
        hasRead();
        await hold;
        return rows;
      };
      return { ...real, all };
    },
  });
  await store.write((writes) => writes.insertUser(ann));
  let release: () => void = () => undefined;
  hold = new Promise((resolve) => {
    release = resolve;
  });
  const readOnce = new Promise<void>((resolve) => {
    hasRead = resolve;
  });
  const late = store.userByTokenHash(ann.tokenHash);
  await readOnce;
  await store.write((writes) => writes.deleteUser('ann'));
  release();
  assert.equal(await late, undefined);
  assert.equal(await store.userByTokenHash(ann.tokenHash), undefined);
  assert.equal(reads(), 3, 'the late one twice, as it was overtaken');
});

test('a commit that failed but is on disk leaves no old user behind', async (t) => {
  let isBroken = false;
  const { store } = await countingStore(t, {
    connect: async (options) => {
      const real = await connect(options);
      const script: Connection['script'] = async (sql) => {
        await real.script(sql);
        if (isBroken && sql === 'COMMIT') throw new DomainError('STORE_UNAVAILABLE');
      };
      return options.readOnly ? real : { ...real, script };
    },
  });
  await store.write((writes) => writes.insertUser(ann));
  assert.deepEqual(await store.userByName('ann'), ann);
  isBroken = true;
  const failed = store.write((writes) => writes.deleteUser('ann'));
  await assert.rejects(failed, domainError('STORE_UNAVAILABLE'));
  assert.equal(await store.userByName('ann'), undefined);
});

test('who is not there is looked for each time, and found once it is there', async (t) => {
  const { store, reads } = await countingStore(t);
  assert.equal(await store.userByName('ann'), undefined);
  assert.equal(await store.userByName('ann'), undefined);
  assert.equal(reads(), 2);
  await store.write((writes) => writes.insertUser(ann));
  assert.deepEqual(await store.userByName('ann'), ann);
});

test('only the last thousand users that were found are kept', async (t) => {
  const { store, reads } = await countingStore(t);
  const users = Array.from({ length: 1_001 }, (_, id) => ({ ...sampleUser(`u${id}`), id }));
  await store.write(async (writes) => {
    for (const user of users) await writes.insertUser(user);
  });
  for (const { name } of users) await store.userByName(name);
  assert.equal(reads(), 1_001);
  assert.equal((await store.userByName('u1000'))?.id, 1_000);
  assert.equal((await store.userByName('u1'))?.id, 1);
  assert.equal(reads(), 1_001);
  assert.equal((await store.userByName('u0'))?.id, 0);
  assert.equal(reads(), 1_002);
});

test('a closed store answers of no user, also of those it knew', async (t) => {
  const { store } = await countingStore(t);
  await store.write((writes) => writes.insertUser(ann));
  assert.deepEqual(await store.userByName('ann'), ann);
  await store.close();
  await assert.rejects(store.userByName('ann'), domainError('SHUTTING_DOWN'));
});
