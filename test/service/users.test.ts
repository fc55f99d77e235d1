import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { hashToken } from '../../src/secrets/tokens.js';
import { openVault } from '../../src/secrets/vault.js';
import { createService } from '../../src/service/create-service.js';
import { secretKeyContext } from '../../src/service/credentials.js';
import { ensureFirstAdmin } from '../../src/service/first-start.js';
import { openStore } from '../../src/store/store.js';
import { addUser, fails, irisTask, openWorld, upload } from './world.js';

test('a new user gets credentials that are kept only hashed or sealed', async (t) => {
  const { service, store, vault, admin } = await openWorld(t);
  const made = await service.createUser(admin, { userId: 'new', role: 'OPERATOR' });
  const stored = await store.userByName('new');
  assert.equal(stored?.tokenHash, hashToken(made.token));
  assert.equal(
    vault.unseal(stored?.secretKeySealed ?? '', secretKeyContext('new')),
    made.secretKey,
  );
  assert.ok(made.password.length >= 12);
  const kept = JSON.stringify(stored);
  for (const secret of [made.token, made.password, made.secretKey])
    assert.ok(!kept.includes(secret));
  const chosen = { userId: 'own', role: 'VIEWER', password: 'twelve chars' };
  assert.equal((await service.createUser(admin, chosen)).password, '');
  await assert.rejects(service.createUser(admin, chosen), fails('USER_EXISTS'));
});

test('a user with tasks or models and the last admin are not deleted', async (t) => {
  const { service, c1, admin } = await openWorld(t);
  await upload(service, c1, 'iris');
  const name = 'users/c1';
  await assert.rejects(service.deleteUser(admin, { name }), fails('USER_IN_USE'));
  await service.createTask(c1, { parent: name, taskId: 't', task: irisTask });
  await assert.rejects(service.deleteUser(admin, { name }), fails('USER_IN_USE'));
  await assert.rejects(service.deleteUser(admin, { name: 'users/me' }), fails('LAST_ADMIN'));
  await service.createUser(admin, { userId: 'second', role: 'ADMIN' });
  await service.deleteUser(admin, { name: 'users/me' });
});

test('a backup ends with the admin who asked for it', async (t) => {
  const { deps, admin, store } = await openWorld(t);
  const leaver = await addUser(store, 'leaver', 'ADMIN');
  async function* archive() {
    yield Buffer.from('first');
    yield Buffer.from('second');
  }
  const service = createService({ ...deps, archive });
  const parts = service.backup(leaver, {});
  assert.equal(String((await parts.next()).value), 'first');
  await service.deleteUser(admin, { name: 'users/leaver' });
  await assert.rejects(parts.next(), fails('UNAUTHENTICATED'));
});

test('everybody reads themselves as users/me, and only admins read others', async (t) => {
  const { service, c1, admin } = await openWorld(t);
  assert.equal((await service.getUser(c1, { name: 'users/me' })).name, 'c1');
  assert.equal((await service.getUser(admin, { name: 'users/c1' })).name, 'c1');
  await assert.rejects(service.getUser(c1, { name: 'users/c2' }), fails('USER_NOT_FOUND'));
  await assert.rejects(service.getUser(c1, { name: 'users/nobody' }), fails('USER_NOT_FOUND'));
  const page = await service.listUsers(admin, { pageSize: 3 });
  const { nextPageToken: pageToken } = page;
  const rest = await service.listUsers(admin, { pageSize: 3, pageToken });
  const names = [...page.users, ...rest.users].map(({ name }) => name);
  assert.deepEqual(names, ['admin', 'c1', 'c2', 'looker']);
});

test('the first start writes admin.json once, and a start that was cut off is made whole', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'predictd-first-'));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const { deps } = await openWorld(t);
  const vault = await openVault(dataDir);
  const open = async () => {
    const store = await openStore({ dataDir, vault });
    return { ...deps, store };
  };
  const path = join(dataDir, 'admin.json');

  await writeFile(path, '{"name":"admin","passw');
  let room = await open();
  assert.equal(await ensureFirstAdmin(room, dataDir), path);
  const file = JSON.parse(await readFile(path, 'utf8'));
  assert.deepEqual(Object.keys(file), ['name', 'password', 'token', 'secretKey']);
  assert.equal(Buffer.from(file.secretKey, 'base64').length, 16);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await room.store.userByTokenHash(hashToken(file.token)))?.role, 'ADMIN');

  // As if the service had been killed between the file and the user.
  await room.store.write((writes) => writes.deleteUser('admin'));
  assert.equal(await ensureFirstAdmin(room, dataDir), path);
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), file);
  assert.equal((await room.store.userByTokenHash(hashToken(file.token)))?.name, 'admin');

  await unlink(path);
  await room.store.close();
  room = await open();
  assert.equal(await ensureFirstAdmin(room, dataDir), undefined);
  await assert.rejects(stat(path));
  await room.store.close();
});
