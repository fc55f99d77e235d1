import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import { PATH } from './echo-service.js';
import { dial, dialH2, requestH2, signpost, startEcho, within } from './harness.js';

const type = 'application/grpc-web-text';

function textOf(value: string): string {
  const message = toBinary(StringValueSchema, create(StringValueSchema, { value }));
  return Buffer.from(encodeEnvelope(0, message)).toString('base64');
}

/** The frames of an answer, of which each piece was padded for itself. */
function framesOf(body: Buffer): readonly { readonly flags: number; readonly data: Buffer }[] {
  const pieces = body.toString('latin1').match(/[^=]+={0,2}/g) ?? [];
  const bytes = Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
  const frames = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    frames.push({ flags: bytes.readUInt8(at), data: bytes.subarray(at + 5, end) });
    at = end;
  }
  return frames;
}

const call = { ':method': 'POST', ':path': PATH.say, 'content-type': type };

for (const suffix of ['', '+proto']) {
  test(`gRPC-Web as text${suffix} is answered as text`, async (t) => {
    const server = await startEcho(t);
    const head = { ...call, 'content-type': `${type}${suffix}` };
    const { status, headers, body } = await requestH2(dialH2(t, server.url), head, textOf('hä?'));
    assert.deepEqual([status, headers['content-type']], [200, `${type}+proto`]);
    const [said, end] = framesOf(body);
    assert.equal(said && fromBinary(StringValueSchema, said.data).value, 'hä?');
    assert.deepEqual([end?.flags, `${end?.data}`.trim()], [0x80, 'grpc-status: 0']);
  });
}

test('a stream is text as well, message for message', async (t) => {
  const server = await startEcho(t, {
    async *pour({ value }) {
      for (const text of value) yield create(BytesValueSchema, { value: Buffer.from(text) });
    },
  });
  const head = { ...call, ':path': PATH.pour };
  const { body } = await requestH2(dialH2(t, server.url), head, textOf('abcd'));
  const frames = framesOf(body).map(({ flags, data }) =>
    flags === 0 ? `${Buffer.from(fromBinary(BytesValueSchema, data).value)}` : `${data}`.trim(),
  );
  assert.deepEqual(frames, ['a', 'b', 'c', 'd', 'grpc-status: 0']);
});

test('text may arrive in pieces that are padded or torn anywhere', async (t) => {
  const server = await startEcho(t);
  const text = textOf('torn');
  const bytes = Buffer.from(text, 'base64');
  const padded = [bytes.subarray(0, 4), bytes.subarray(4)].map((part) => part.toString('base64'));
  for (const pieces of [[...text], padded, [padded.join('')]]) {
    const stream = dialH2(t, server.url).request(call);
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    for (const piece of pieces) stream.write(piece);
    stream.end();
    await within(once(stream, 'end'));
    const [said] = framesOf(Buffer.concat(chunks));
    assert.equal(said && fromBinary(StringValueSchema, said.data).value, 'torn');
  }
});

for (const body of ['*', 'AAA', 'AAAA=AAA', 'A===']) {
  test(`"${body}" is refused for being no Base64`, async (t) => {
    const server = await startEcho(t);
    const answer = await requestH2(dialH2(t, server.url), call, body);
    const [end] = framesOf(answer.body);
    assert.match(`${end?.data}`, /grpc-status: 3\b/);
  });
}

test('a handler hears of a reader of text that goes away', async (t) => {
  const ended = signpost();
  const server = await startEcho(t, {
    async *pour(_, { signal }) {
      yield create(BytesValueSchema);
      await once(signal, 'abort');
      ended.reach();
    },
  });
  const socket = await dial(t, server.port);
  const text = textOf('');
  socket.write(
    `POST ${PATH.pour} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
  );
  await within(once(socket, 'data'));
  socket.destroy();
  await within(ended.reached);
});
