import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type DescService, type Message, toJson } from '@bufbuild/protobuf';
import { Code, ConnectError, createContextKey } from '@connectrpc/connect';
import { httpStatusOf, restError } from '../../../src/transport/rest/errors.js';
import type {
  DecodedBody,
  Representation,
  RestReply,
} from '../../../src/transport/rest/representation.js';
import type { RestCall } from '../../../src/transport/rest/rest-call.js';
import { type Send, sender } from './exchange.js';
import { type EchoRequest, EchoRequestSchema, KioskService } from './gen/library/v1/library_pb.js';
import { type LibraryServer, startLibrary } from './library-server.js';

const secret = 'kiosk';
const customerKey = createContextKey('nobody');

function sign(text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** An API with signed requests, bodies in reversed Base64, and an envelope of its own. */
class KioskRepresentation implements Representation {
  readonly ownQuery = ['signature'];
  readonly allowsEmptySegments = true;
  readonly ignoresBody = true;

  authenticate({ request, values }: RestCall): void {
    const { method, rawPath, wireBody } = request;
    const signed = `${method} ${rawPath} ${Buffer.from(wireBody).toString('latin1')}`;
    if (request.rawQuery !== `signature=${sign(signed)}`) {
      throw new ConnectError('the signature is wrong', Code.Unauthenticated);
    }
    values.set(customerKey, 'anne');
  }

  decodeBody({ request }: RestCall): DecodedBody {
    const text = Buffer.from(request.body).toString('latin1');
    if (!text.startsWith('=')) {
      throw restError(415, 'the body is not reversed');
    }
    const plain = Buffer.from([...text].reverse().join(''), 'base64').toString();
    return { type: 'json', value: JSON.parse(plain) };
  }

  encode({ values, route }: RestCall, message: Message): RestReply {
    const isStop = route?.method.name === 'Stop';
    const echoed = toJson(EchoRequestSchema, message as EchoRequest);
    return {
      status: isStop ? 200 : 202,
      headers: { 'content-type': 'text/x-kiosk' },
      body: isStop ? '' : `OK ${values.get(customerKey)} ${JSON.stringify(echoed)}\n`,
    };
  }

  encodeError(_: RestCall, error: ConnectError): RestReply {
    return {
      status: httpStatusOf(error),
      headers: { 'content-type': 'text/x-kiosk' },
      body: `ERROR ${error.rawMessage}\n`,
    };
  }
}

for (const version of [1, 2] as const) {
  describe(`a representation over HTTP/${version}`, () => {
    let server: LibraryServer;
    let send: Send;
    before(async () => {
      const representations = new Map<DescService, Representation>([
        [KioskService, new KioskRepresentation()],
      ]);
      server = await startLibrary({ version, representations });
      send = sender(server, version);
    });
    after(() => server.close());

    // Bodies end in "=" once encoded, so that they begin with it once reversed.
    const plain = '{"small":70}';
    const body = `=${[...Buffer.from(plain).toString('base64')].reverse().join('')}`;
    const signedPost = (path: string) => ({
      method: 'POST',
      path: `${path}?signature=${sign(`POST ${path} ${body}`)}`,
      body,
    });

    test('authenticates raw bytes, decodes its body and writes its envelope', async () => {
      const response = await send(signedPost('/kiosk/a%20b/buy'));
      assert.equal(response.status, 202);
      assert.equal(response.headers['content-type'], 'text/x-kiosk');
      assert.equal(response.text, 'OK anne {"text":"a b","small":70}\n');
    });

    test('is asked about the caller before the body is looked at', async () => {
      const response = await send({ method: 'POST', path: '/kiosk/a/buy', body: 'nonsense' });
      assert.equal(response.status, 401);
      assert.equal(response.text, 'ERROR the signature is wrong\n');
    });

    test('writes the errors of the engine, of paths near its own as well', async () => {
      const errors: readonly [path: string, status: number][] = [
        ['/kiosk/a/buy', 405],
        ['/kiosk/a/nothing', 404],
        ['/kiosk/../a', 400],
        ['/kiosk/%zz/buy', 400],
        [`/kiosk/${'x'.repeat(9_000)}`, 414],
      ];
      for (const [path, status] of errors) {
        const response = await send({ path });
        assert.equal(response.status, status, path);
        assert.match(response.text, /^ERROR /);
      }
      const elsewhere = await send({ path: '/elsewhere' });
      assert.equal(elsewhere.headers['content-type'], 'application/json');
    });

    test('may answer with nothing, and take paths with empty segments', async () => {
      const path = '/kiosk//home/a%2Fb/stop';
      const response = await send({ path: `${path}?signature=${sign(`GET ${path} `)}` });
      assert.equal(response.status, 200);
      assert.equal(response.text, '');
      assert.equal(response.headers['content-length'], '0');
    });

    test('may pass over a body that nobody expects', async () => {
      const path = '/kiosk/a/stop';
      const query = `signature=${sign(`GET ${path} x`)}`;
      const response = await send({
        path: `${path}?${query}`,
        headers: { 'content-length': '1' },
        body: 'x',
      });
      assert.equal(response.status, 200);
    });

    test('leaves other services as they are', async () => {
      const response = await send({ path: '/v1/echo?text=a' });
      assert.equal(JSON.parse(response.text).text, 'a');
    });
  });
}

describe('a representation with one answer of its own', () => {
  for (const version of [1, 2] as const) {
    test(`leaves all others to JSON and knows its origin over HTTP/${version}`, async () => {
      const origins: (string | undefined)[] = [];
      const special: Representation = {
        encode({ request }) {
          origins.push(request.origin);
          if (request.header.get('accept') !== 'text/plain') return undefined;
          return { status: 202, headers: { 'content-type': 'text/plain' }, body: 'own' };
        },
        encodeError: () => undefined,
      };
      const server = await startLibrary({
        version,
        representations: new Map<DescService, Representation>([[KioskService, special]]),
      });
      const send = sender(server, version);
      try {
        const own = await send({ path: '/kiosk/a/stop', headers: { accept: 'text/plain' } });
        assert.deepEqual([own.status, own.text], [202, 'own']);
        const plain = await send({ path: '/kiosk/a/stop' });
        assert.equal(plain.headers['content-type'], 'application/json');
        const missing = await send({ path: '/kiosk/a/nothing' });
        assert.equal(JSON.parse(missing.text).error.code, 404);
        assert.deepEqual(origins, [server.url, server.url]);
      } finally {
        await server.close();
      }
    });
  }
});

describe('a representation that fails', () => {
  const failing: Representation = {
    encode() {
      throw new TypeError('bad mapper');
    },
    encodeError() {
      throw new TypeError('worse mapper');
    },
  };

  test('is told to the server, and its caller is cut off', async () => {
    const faults: unknown[] = [];
    const server = await startLibrary({
      representations: new Map<DescService, Representation>([[KioskService, failing]]),
      onFault: (reason) => faults.push(reason),
    });
    try {
      await assert.rejects(sender(server, 1)({ path: '/kiosk/a/stop' }));
      assert.deepEqual(faults.map(String), ['TypeError: bad mapper', 'TypeError: worse mapper']);
    } finally {
      await server.close();
    }
  });

  test('in its messages only is answered with an internal error', async () => {
    const { encode } = failing;
    assert.ok(encode);
    const server = await startLibrary({
      representations: new Map<DescService, Representation>([[KioskService, { encode }]]),
    });
    try {
      const response = await sender(server, 1)({ path: '/kiosk/a/stop' });
      assert.equal(response.status, 500);
      assert.doesNotMatch(response.text, /mapper/);
    } finally {
      await server.close();
    }
  });
});
