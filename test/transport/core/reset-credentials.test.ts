import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { Role, UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { createPasswordVerifier, hashPassword } from '../../../src/secrets/passwords.js';
import { hashToken } from '../../../src/secrets/tokens.js';
import { createAuthenticator } from '../../../src/transport/auth.js';
import { addUser, fails, openWorld } from '../../service/world.js';
import { type CoreServer, startCore, transportTo } from './core-server.js';

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const usersOf = (server: CoreServer, authorization: string) =>
  createClient(UserService, transportTo(server, authorization));

async function codeOf(call: Promise<unknown>): Promise<Code | undefined> {
  return call.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );
}

test('the old token and password are refused right after the answer, and the new ones pass', async (t) => {
  const server = await startCore(t);
  const old = [`Bearer token-c1`, basic('c1', 'password-c1')];
  // So that whatever remembers them does.
  for (const one of old) await usersOf(server, one).getUser({ name: 'users/me' });
  const admin = usersOf(server, 'Bearer token-admin');
  const reset = await admin.resetCredentials({ name: 'users/c1' });
  assert.equal(reset.user?.name, 'users/c1');
  assert.equal(reset.user.role, Role.OPERATOR);
  for (const one of old) {
    const refused = usersOf(server, one).getUser({ name: 'users/me' });
    assert.equal(await codeOf(refused), Code.Unauthenticated, one);
  }
  for (const one of [`Bearer ${reset.token}`, basic('c1', reset.password)]) {
    assert.equal((await usersOf(server, one).getUser({ name: 'users/me' })).name, 'users/c1');
  }
});

test('who resets the own credentials is signed out, with the watch that was open', async (t) => {
  const server = await startCore(t);
  const transport = transportTo(server, 'Bearer token-looker');
  const watch = createClient(TaskService, transport).watchTasks({ parent: 'users/me' });
  const messages = watch[Symbol.asyncIterator]();
  await messages.next();
  const next = codeOf(messages.next());
  const looker = createClient(UserService, transport);
  const reset = await looker.resetCredentials({ name: 'users/me', password: 'of my own choice' });
  assert.equal(await next, Code.Unauthenticated);
  assert.equal(reset.password, '');
  assert.equal(await codeOf(looker.getUser({ name: 'users/me' })), Code.Unauthenticated);
  const again = usersOf(server, basic('looker', 'of my own choice'));
  assert.equal(await codeOf(again.resetCredentials({ name: 'users/c1' })), Code.NotFound);
  assert.deepEqual(server.faults, []);
});

test('a password that is replaced while it is being checked is wrong', async (t) => {
  const { store, service, admin } = await openWorld(t);
  const passwordHash = await hashPassword('password-slow');
  await addUser(store, 'slow', 'VIEWER', { passwordHash });
  const verifier = createPasswordVerifier();
  const authenticator = createAuthenticator({
    store,
    hashToken,
    now: Date.now,
    verifyPassword: async (check) => {
      const isRight = await verifier.verify(check);
      await service.resetCredentials(admin, { name: 'users/slow' });
      return isRight;
    },
  });
  const late = authenticator.authenticate(basic('slow', 'password-slow'), '');
  await assert.rejects(late, fails('UNAUTHENTICATED'));
});
