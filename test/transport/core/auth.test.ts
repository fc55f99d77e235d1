import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { ErrorInfoSchema, RetryInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { Health } from '../../../gen/ts/grpc/health/v1/health_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { callerKey } from '../../../src/transport/caller.js';
import { coreServices } from '../../../src/transport/core/register.js';
import { type CoreServer, call, startCore, transportTo } from './core-server.js';

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function whoIs(server: CoreServer, authorization: string | undefined): Promise<string> {
  const client = createClient(UserService, transportTo(server, authorization));
  return (await client.getUser({ name: 'users/me' })).name;
}

async function refusal(work: Promise<unknown>): Promise<ConnectError> {
  const answer = await work.catch((error: unknown) => error);
  assert.ok(answer instanceof ConnectError);
  return answer;
}

test('a token and a password name the same user', async (t) => {
  const server = await startCore(t);
  assert.equal(await whoIs(server, 'Bearer token-c1'), 'users/c1');
  assert.equal(await whoIs(server, 'bearer  token-c1'), 'users/c1');
  assert.equal(await whoIs(server, basic('c1', 'password-c1')), 'users/c1');
});

test('without credentials every rpc of the core is refused, and health is not', async (t) => {
  const server = await startCore(t);
  const transport = transportTo(server, undefined);
  for (const service of coreServices) {
    for (const method of service.methods) {
      const error = await refusal(call(transport, method, {}));
      assert.equal(error.code, Code.Unauthenticated, method.name);
      assert.equal(error.findDetails(ErrorInfoSchema)[0]?.reason, 'UNAUTHENTICATED');
    }
  }
  await createClient(Health, transport).check({});
});

test('every wrong form of credentials is refused alike', async (t) => {
  const server = await startCore(t);
  const wrong = [
    'Bearer nobody',
    'Bearer ',
    'Basic !!!',
    `Basic ${Buffer.from('no-colon').toString('base64')}`,
    basic('c1', 'wrong'),
    basic('nobody', 'password-c1'),
    basic('c1', 'password-c1\n'),
    'Digest x',
    'token-c1',
  ];
  for (const authorization of wrong) {
    const error = await refusal(whoIs(server, authorization));
    assert.equal(error.code, Code.Unauthenticated, authorization);
  }
  const unknown = await refusal(whoIs(server, basic('nobody', 'x')));
  const known = await refusal(whoIs(server, basic('c2', 'x')));
  assert.equal(unknown.message, known.message);
});

test('over HTTP a refusal is 401 with a challenge', async (t) => {
  const server = await startCore(t);
  const response = await fetch(`${server.url}/predictd.v1.TaskService/ListTasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(response.status, 401);
  assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*Basic realm="predictd"/);
  await response.text();
});

test('after ten wrong passwords a minute the account waits, also with the right one', async (t) => {
  const server = await startCore(t);
  for (let count = 0; count < 10; count += 1) {
    const error = await refusal(whoIs(server, basic('c1', `wrong-${count}`)));
    assert.equal(error.code, Code.Unauthenticated);
  }
  const error = await refusal(whoIs(server, basic('c1', 'password-c1')));
  assert.equal(error.code, Code.ResourceExhausted);
  assert.equal(error.findDetails(ErrorInfoSchema)[0]?.reason, 'TOO_MANY_FAILURES');
  const [retry] = error.findDetails(RetryInfoSchema);
  assert.ok(Number(retry?.retryDelay?.seconds) <= 60);
  assert.equal(await whoIs(server, basic('c2', 'password-c2')), 'users/c2');
  assert.equal(await whoIs(server, 'Bearer token-c1'), 'users/c1');
  server.pass(60_000);
  assert.equal(await whoIs(server, basic('c1', 'password-c1')), 'users/c1');
});

test('many first calls at once with the right password are all let in, many guesses at once are not', async (t) => {
  const server = await startCore(t);
  const right = Array.from({ length: 30 }, () => whoIs(server, basic('c1', 'password-c1')));
  assert.deepEqual(new Set(await Promise.all(right)), new Set(['users/c1']));
  const guesses = Array.from({ length: 30 }, (_, index) =>
    refusal(whoIs(server, basic('c1', `guess-${index}`))),
  );
  const codes = (await Promise.all(guesses)).map(({ code }) => code);
  assert.equal(codes.filter((code) => code === Code.Unauthenticated).length, 10);
  assert.equal(codes.filter((code) => code === Code.ResourceExhausted).length, 20);
});

test('wrong tokens are throttled by address, but a right one always passes', async (t) => {
  const server = await startCore(t);
  const codes: Code[] = [];
  for (let count = 0; count < 12; count += 1) {
    codes.push((await refusal(whoIs(server, `Bearer wrong-${count}`))).code);
  }
  assert.deepEqual(codes.slice(9), [
    Code.Unauthenticated,
    Code.ResourceExhausted,
    Code.ResourceExhausted,
  ]);
  assert.equal(await whoIs(server, 'Bearer token-c1'), 'users/c1');
});

test('a viewer reads and does not write, before the request is even looked at', async (t) => {
  const server = await startCore(t);
  const client = createClient(TaskService, transportTo(server, 'Bearer token-looker'));
  await client.listTasks({ parent: 'users/me' });
  const error = await refusal(client.createTask({}));
  assert.equal(error.code, Code.PermissionDenied);
  const [info] = error.findDetails(ErrorInfoSchema);
  assert.equal(info?.reason, 'ROLE_NOT_ALLOWED');
  assert.deepEqual({ ...info?.metadata }, { role: 'VIEWER', needed: 'OPERATOR' });
});

test('a dialect may find out the caller in its own way', async (t) => {
  const server = await startCore(t, {
    dialects: [
      (next) => (req) => {
        const role = 'OPERATOR';
        if (req.header.has('sym-date')) {
          req.contextValues.set(callerKey, { name: 'c2', role, projects: [] });
        }
        return next(req);
      },
    ],
  });
  const client = createClient(UserService, transportTo(server, undefined));
  const { name } = await client.getUser({ name: 'users/me' }, { headers: { 'sym-date': 'now' } });
  assert.equal(name, 'users/c2');
});
