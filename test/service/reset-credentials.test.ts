import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller, Role } from '../../src/domain/user.js';
import { hashToken } from '../../src/secrets/tokens.js';
import { createService } from '../../src/service/create-service.js';
import { secretKeyContext } from '../../src/service/credentials.js';
import { callerFrom } from '../../src/transport/caller.js';
import { addUser, chunks, fails, irisTask, openWorld, upload, type World } from './world.js';

const parent = 'users/me';
const name = 'users/c1';

/** A user as one who signed in. */
async function signedIn({ store }: World, user: string, role?: Role): Promise<Caller> {
  if (role) await addUser(store, user, role);
  const found = await store.userByName(user);
  assert(found);
  return callerFrom(found);
}

test('new credentials replace the old ones, are kept only hashed or sealed, and change nothing else', async (t) => {
  const world = await openWorld(t);
  const { service, store, vault, deps, admin, c1 } = world;
  await upload(service, c1, 'iris');
  await service.createTask(c1, { parent, taskId: 't', task: irisTask });
  const before = await store.userByName('c1');
  const reset = await service.resetCredentials(admin, { name });
  const after = await store.userByName('c1');
  assert.deepEqual(after, {
    ...before,
    passwordHash: await deps.secrets.hashPassword(reset.password),
    tokenHash: hashToken(reset.token),
    secretKeySealed: after?.secretKeySealed,
  });
  const key = vault.unseal(after?.secretKeySealed ?? '', secretKeyContext('c1'));
  assert.equal(key, reset.secretKey);
  assert.equal(await store.userByTokenHash(hashToken('token-c1')), undefined);
  const kept = JSON.stringify(after);
  for (const secret of [reset.token, reset.password, reset.secretKey])
    assert.ok(!kept.includes(secret));
  assert.equal((await service.getTask(c1, { name: 'users/me/tasks/t' })).task.name, 't');
});

test('a chosen password counts and is not shown', async (t) => {
  const { service, store, deps, c1 } = await openWorld(t);
  const password = 'twelve chars';
  assert.equal((await service.resetCredentials(c1, { name: 'users/me', password })).password, '');
  const stored = await store.userByName('c1');
  assert.equal(stored?.passwordHash, await deps.secrets.hashPassword(password));
  for (const wrong of ['short', 'x'.repeat(257)]) {
    const request = { name: 'users/me', password: wrong };
    await assert.rejects(service.resetCredentials(c1, request), fails('INVALID_FIELD', 'password'));
  }
  assert.deepEqual(await store.userByName('c1'), stored);
});

test('everybody resets themselves, and only admins reset others', async (t) => {
  const { service, admin, c1, c2, looker } = await openWorld(t);
  await service.resetCredentials(looker, { name: 'users/looker' });
  await service.resetCredentials(admin, { name });
  await service.resetCredentials(admin, { name: 'users/me' });
  for (const foreign of ['users/c2', 'users/admin', 'users/nobody']) {
    await assert.rejects(service.resetCredentials(c1, { name: foreign }), fails('USER_NOT_FOUND'));
  }
  await service.resetCredentials(c2, { name: 'users/c2' });
});

test('open watches, logs, uploads and backups of the user end, and those of others go on', async (t) => {
  const world = await openWorld(t);
  const { signal } = new AbortController();
  async function* archive() {
    yield Buffer.from('first');
    yield Buffer.from('second');
  }
  const service = createService({ ...world.deps, archive });
  const admin = await signedIn(world, 'admin');
  const boss = await signedIn(world, 'boss', 'ADMIN');
  for (const each of [admin, boss]) await upload(service, each, 'iris');
  await service.createTask(boss, { parent, taskId: 't', task: irisTask });
  await service.startTask(boss, { name: 'users/me/tasks/t' });
  const watch = service.watchTasks(boss, { parent, signal });
  while ((await watch.next()).value?.type !== 'snapshot-end');
  const others = service.watchTasks(admin, { parent, signal });
  await others.next();
  const execution = 'users/me/tasks/t/executions/-';
  const log = service.tailLogs(boss, { name: execution, follow: true, signal });
  const archived = service.backup(boss, {});
  await archived.next();
  let sendRest: () => void = () => undefined;
  const rest = new Promise<void>((resolve) => {
    sendRest = resolve;
  });
  let isReceiving: () => void = () => undefined;
  const receiving = new Promise<void>((resolve) => {
    isReceiving = resolve;
  });
  async function* slowly() {
    yield* chunks('first');
    isReceiving();
    await rest;
    yield* chunks('second');
  }
  const uploaded = service.uploadModel(boss, { parent, modelId: 'slow', chunks: slowly() });
  await receiving;
  const ends = [watch.next(), log.next(), uploaded].map((end) =>
    assert.rejects(end, fails('UNAUTHENTICATED')),
  );
  const next = others.next();
  await service.resetCredentials(admin, { name: 'users/boss' });
  sendRest();
  await Promise.all(ends);
  await assert.rejects(archived.next(), fails('UNAUTHENTICATED'));
  await service.createTask(admin, { parent, taskId: 'u', task: irisTask });
  assert.equal((await next).done, false);
  await others.return(undefined);
});

test('what was called with the old credentials and comes late opens nothing', async (t) => {
  const world = await openWorld(t);
  const { service, admin } = world;
  const boss = await signedIn(world, 'boss', 'ADMIN');
  await service.resetCredentials(admin, { name: 'users/boss' });
  const { signal } = new AbortController();
  const late = [
    service.watchTasks(boss, { parent, signal }).next(),
    service.tailLogs(boss, { name: 'users/me/tasks/t/executions/-', signal }).next(),
    service.backup(boss, {}).next(),
    upload(service, boss, 'iris'),
  ];
  for (const call of late) await assert.rejects(call, fails('UNAUTHENTICATED'));
});

test('of two who reset themselves by the same credentials, the first one has the user', async (t) => {
  const world = await openWorld(t);
  const { service, store, admin } = world;
  const c1 = await signedIn(world, 'c1');
  const both = await Promise.allSettled([
    service.resetCredentials(c1, { name: 'users/me' }),
    service.resetCredentials(c1, { name: 'users/me' }),
  ]);
  const [won, ...more] = both.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
  assert.equal(more.length, 0);
  assert.equal((await store.userByName('c1'))?.tokenHash, hashToken(won?.token ?? ''));
  const again = await signedIn(world, 'c1');
  const { token } = await service.resetCredentials(admin, { name });
  const late = service.resetCredentials(again, { name: 'users/me' });
  await assert.rejects(late, fails('UNAUTHENTICATED'));
  assert.equal((await store.userByName('c1'))?.tokenHash, hashToken(token));
});

test('a user who was deleted and made anew meanwhile keeps the credentials', async (t) => {
  const { deps, store, admin } = await openWorld(t);
  const hashPassword = async (password: string) => {
    await store.write((writes) => writes.deleteUser('c1'));
    await addUser(store, 'c1', 'VIEWER');
    return deps.secrets.hashPassword(password);
  };
  const service = createService({ ...deps, secrets: { ...deps.secrets, hashPassword } });
  await assert.rejects(service.resetCredentials(admin, { name }), fails('USER_NOT_FOUND'));
  assert.equal((await store.userByName('c1'))?.tokenHash, hashToken('token-c1'));
});
