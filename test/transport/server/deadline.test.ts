import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { capTimeout } from '../../../src/transport/server/timeout-header.js';
import { EchoService, PATH } from './echo-service.js';
import { dialH2, type EchoServer, signpost, startEcho, within } from './harness.js';

const never = new Promise<never>(() => {});

/** Without a client-side clock: only the server can be the one that ends the call. */
async function callWithTimeout(server: EchoServer, path: string, headers: Record<string, string>) {
  const res = await within(
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '""',
    }),
  );
  return { status: res.status, body: await res.text() };
}

test('a unary call ends at its deadline although the handler ignores it', async (t) => {
  const server = await startEcho(t, { say: () => never });
  const { status, body } = await callWithTimeout(server, PATH.say, { 'connect-timeout-ms': '50' });
  assert.equal(status, 504);
  assert.match(body, /deadline_exceeded/);
});

test('a stream ends at its deadline although the handler ignores it', async (t) => {
  const server = await startEcho(t, {
    async *pour() {
      yield create(BytesValueSchema);
      await never;
    },
  });
  const res = await within(
    fetch(server.url + PATH.pour, {
      method: 'POST',
      headers: { 'content-type': 'application/connect+json', 'connect-timeout-ms': '50' },
      body: Buffer.from('\0\0\0\0\x02""'),
    }),
  );
  assert.match(await within(res.text()), /deadline_exceeded/);
});

test('a timeout of nought is a deadline that has passed', async (t) => {
  const server = await startEcho(t);
  const stream = dialH2(t, server.url).request({
    ':method': 'POST',
    ':path': PATH.say,
    'content-type': 'application/grpc',
    'grpc-timeout': '0n',
  });
  stream.resume();
  stream.end(Buffer.from([0, 0, 0, 0, 0]));
  const [trailers] = await within(once(stream, 'trailers'));
  assert.equal(trailers['grpc-status'], String(Code.DeadlineExceeded));
});

test('a deadline over the maximum is cut to it, with no timer overflow', async (t) => {
  const warnings: string[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning.name);
  process.on('warning', onWarning);
  t.after(() => process.off('warning', onWarning));
  const timeouts: (number | undefined)[] = [];
  const server = await startEcho(t, {
    say: (request, context) => {
      timeouts.push(context.timeoutMs());
      return request;
    },
  });
  const { status } = await callWithTimeout(server, PATH.say, {
    'connect-timeout-ms': '9999999999',
  });
  assert.equal(status, 200);
  const [timeout = 0] = timeouts;
  assert.ok(timeout > 3_500_000 && timeout <= 3_600_000, `${timeout} ms`);
  await new Promise(setImmediate);
  assert.deepEqual(warnings, []);
});

test('timeouts are cut in every unit and left alone when short or malformed', () => {
  const capped = (name: string, value: string) => {
    const header = new Headers([[name, value]]);
    capTimeout(header, 3_600_000);
    return header.get(name);
  };
  assert.equal(capped('grpc-timeout', '2H'), '3600S');
  assert.equal(capped('grpc-timeout', '61M'), '3600S');
  assert.equal(capped('grpc-timeout', '3601S'), '3600S');
  assert.equal(capped('grpc-timeout', '99999999m'), '3600S');
  assert.equal(capped('grpc-timeout', '99999999u'), '99999999u');
  assert.equal(capped('grpc-timeout', '1H'), '1H');
  assert.equal(capped('grpc-timeout', 'soon'), 'soon');
  assert.equal(capped('connect-timeout-ms', '3600001'), '3600000');
  assert.equal(capped('connect-timeout-ms', '-1'), '-1');
});

test('a handler that fails after its deadline is logged and harms nobody', async (t) => {
  const late = signpost();
  const server = await startEcho(t, {
    say: async () => {
      await late.reached;
      throw new Error('too late');
    },
  });
  await callWithTimeout(server, PATH.say, { 'connect-timeout-ms': '20' });
  late.reach();
  await new Promise(setImmediate);
  assert.deepEqual(
    server.lines.map((line) => [line.message, String(line.fields.err), line.fields.procedure]),
    [['a handler failed', 'Error: too late', 'predictd.test.v1.EchoService/Say']],
  );
});

test('what a handler throws is hidden from the client and logged once', async (t) => {
  const server = await startEcho(t, {
    say: () => {
      throw new Error('password is hunter2');
    },
    async *pour() {
      yield create(BytesValueSchema);
      throw new Error('stream of secrets');
    },
    gather: () => {
      throw new ConnectError('meant for you', Code.FailedPrecondition);
    },
  });
  const client = createClient(
    EchoService,
    createConnectTransport({ baseUrl: server.url, httpVersion: '1.1' }),
  );
  const internal = (err: unknown) => ConnectError.from(err).rawMessage === 'internal error';
  await assert.rejects(client.say({}), internal);
  await assert.rejects(async () => {
    for await (const _ of client.pour({}));
  }, internal);
  await assert.rejects(client.gather(none()), /meant for you/);
  const causes = server.lines.map((line) => String(line.fields.err));
  assert.deepEqual(causes, ['Error: password is hunter2', 'Error: stream of secrets']);
  assert.ok(server.lines.every((line) => String(line.fields.requestId).length === 36));
});

async function* none() {
  yield* [] as { value: Uint8Array }[];
}

test('a call whose client hung up is not logged as a failure', async (t) => {
  const begun = signpost();
  const left = signpost();
  const server = await startEcho(t, {
    say: async (_, context) => {
      begun.reach();
      try {
        await new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
        });
      } finally {
        left.reach();
      }
      return create(StringValueSchema);
    },
  });
  const controller = new AbortController();
  const body = '""';
  const headers = { 'content-type': 'application/json' };
  const { signal } = controller;
  const call = fetch(server.url + PATH.say, { method: 'POST', headers, body, signal });
  await within(begun.reached);
  controller.abort();
  await assert.rejects(call);
  await within(left.reached);
  await new Promise(setImmediate);
  assert.deepEqual(server.lines, []);
});
