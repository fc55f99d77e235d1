import { once } from 'node:events';
import { connect as connectH2 } from 'node:http2';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { PATH } from './echo-service.js';
import { dial, signpost, startEcho, within } from './harness.js';

const PIECE = create(BytesValueSchema, { value: new Uint8Array(256 * 1024) });

/** A handler that pours without end, ignores its signal, and reports when it stalls and when it is left. */
function endlessPour() {
  const left = signpost();
  let poured = 0;
  async function* pour() {
    try {
      for (;;) {
        poured += 1;
        yield PIECE;
      }
    } finally {
      left.reach();
    }
  }
  /** Resolves when pouring has begun and then stood still for many turns of the event loop. */
  async function stalled(): Promise<void> {
    for (let still = 0, before = 0; poured === 0 || still < 100; before = poured) {
      await new Promise(setImmediate);
      still = poured === before ? still + 1 : 0;
    }
  }
  return { pour, stalled: () => within(stalled()), left: left.reached };
}

const message = toBinary(StringValueSchema, create(StringValueSchema));

function envelope(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Starts a call over a raw HTTP/1 connection and leaves the answer unread until the server is stuck. */
async function stallH1(port: number, t: Parameters<typeof dial>[0]) {
  const socket = await dial(t, port);
  socket.pause();
  const body = envelope(message);
  socket.write(
    `POST ${PATH.pour} HTTP/1.1\r\nHost: a\r\nContent-Type: application/connect+proto\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body);
  return socket;
}

/** The same on HTTP/2, where flow control does the stalling. */
async function stallH2(url: string, contentType: string) {
  const session = connectH2(url);
  session.on('error', () => {});
  const stream = session.request({
    ':method': 'POST',
    ':path': PATH.pour,
    'content-type': contentType,
  });
  stream.on('error', () => {});
  stream.end(envelope(message));
  await within(once(stream, 'response'));
  stream.pause();
  return { session, stream };
}

for (const how of ['close', 'reset'] as const) {
  test(`the handler of a stalled HTTP/1 reader is left when the reader's connection is ${how}`, async (t) => {
    const { pour, stalled, left } = endlessPour();
    const server = await startEcho(t, { pour });
    const socket = await stallH1(server.port, t);
    await stalled();
    if (how === 'close') socket.destroy();
    else socket.resetAndDestroy();
    await within(left);
  });
}

for (const contentType of [
  'application/connect+proto',
  'application/grpc',
  'application/grpc-web',
]) {
  for (const how of ['stream reset', 'session closed'] as const) {
    test(`the handler of a stalled ${contentType} reader is left after: ${how}`, async (t) => {
      const { pour, stalled, left } = endlessPour();
      const server = await startEcho(t, { pour });
      const { session, stream } = await stallH2(server.url, contentType);
      t.after(() => session.destroy());
      await stalled();
      if (how === 'stream reset') stream.close(8);
      else session.destroy();
      await within(left);
    });
  }
}

const impatient = { limits: { stalledWriteMs: 200 } };

test('an HTTP/1 reader that takes nothing for too long is cut off although it stays connected', async (t) => {
  const { pour, left } = endlessPour();
  const server = await startEcho(t, { pour }, impatient);
  await stallH1(server.port, t);
  await within(left);
});

test('an HTTP/2 reader that takes nothing for too long is cut off although it stays connected', async (t) => {
  const { pour, left } = endlessPour();
  const server = await startEcho(t, { pour }, impatient);
  const { session } = await stallH2(server.url, 'application/grpc');
  t.after(() => session.destroy());
  await within(left);
});
