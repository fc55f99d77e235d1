import assert from 'node:assert/strict';
import { connect as connectH2 } from 'node:http2';
import { test } from 'node:test';
import { create, toBinary } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { encodeEnvelope } from '@connectrpc/connect/protocol';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { EchoService, PATH } from './echo-service.js';
import { requestH2, startEcho } from './harness.js';

const transports = {
  Connect: createConnectTransport,
  gRPC: createGrpcTransport,
  'gRPC-Web': createGrpcWebTransport,
};

/** The same for every stream: small ones, and one that is worth compressing. */
const pieces = [1, 2, 5_000, 3].map((length) =>
  create(BytesValueSchema, { value: new Uint8Array(length).fill(length) }),
);

for (const [protocol, createTransport] of Object.entries(transports)) {
  for (const useBinaryFormat of [true, false]) {
    for (const acceptCompression of [undefined, []]) {
      const codec = useBinaryFormat ? 'binary' : 'JSON';
      const packed = acceptCompression === undefined ? 'compressed' : 'plain';
      test(`streams of the same messages all get them, and the error at the end: ${protocol}, ${codec}, ${packed}`, async (t) => {
        const { url: baseUrl } = await startEcho(t, {
          async *pour() {
            yield* pieces;
            throw new ConnectError('enough', Code.OutOfRange);
          },
        });
        const transport = createTransport({
          baseUrl,
          httpVersion: '2',
          useBinaryFormat,
          ...(acceptCompression && { acceptCompression }),
        });
        const client = createClient(EchoService, transport);
        const read = async () => {
          const lengths: number[] = [];
          const reading = async () => {
            for await (const { value } of client.pour({})) lengths.push(value.length);
          };
          await assert.rejects(reading, { code: Code.OutOfRange, rawMessage: 'enough' });
          return lengths;
        };
        const lengths = pieces.map(({ value }) => value.length);
        assert.deepEqual(await Promise.all([read(), read(), read()]), [lengths, lengths, lengths]);
      });
    }
  }
}

test('nothing is written behind the end of a stream whose time is up, though its handler goes on', async (t) => {
  const server = await startEcho(t, {
    async *pour() {
      for (;;) {
        yield create(BytesValueSchema, { value: new Uint8Array(10) });
        await new Promise(setImmediate);
      }
    },
  });
  const session = connectH2(server.url);
  t.after(() => session.destroy());
  const message = toBinary(StringValueSchema, create(StringValueSchema));
  const head = {
    ':method': 'POST',
    ':path': PATH.pour,
    'content-type': 'application/connect+proto',
    'connect-timeout-ms': '200',
  };
  const { body } = await requestH2(session, head, encodeEnvelope(0, message));
  const flags: number[] = [];
  let at = 0;
  for (; at < body.length; at += 5 + body.readUInt32BE(at + 1)) flags.push(body[at] ?? NaN);
  assert.equal(at, body.length);
  assert.equal(flags.indexOf(2), flags.length - 1);
  assert.ok(flags.length > 2);
  assert.match(body.toString('latin1'), /"deadline_exceeded"/);
});
