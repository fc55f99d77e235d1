import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import {
  Http1Response,
  setStandingHeaders,
} from '../../../src/transport/server/standing-headers.js';

type Answer = (res: Http1Response) => void;

const standing = { 'x-request-id': '7', 'cache-control': 'no-store' };

/** The first lines of what a client reads, without those that Node adds. */
async function answered(answer: Answer): Promise<string[]> {
  const server = createServer({ IncomingMessage, ServerResponse: Http1Response }, (_req, res) => {
    setStandingHeaders(res, standing);
    answer(res);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    const [head = ''] = (await text(socket)).split('\r\n\r\n');
    return head
      .split('\r\n')
      .filter((line) => !/^(?:date|connection|content-length|transfer-encoding):/i.test(line));
  } finally {
    server.close();
  }
}

const given = ['x-request-id: 7', 'cache-control: no-store'];
const cases: [name: string, answer: Answer, expected: string[]][] = [
  ['an answer that writes no head', (res) => res.end('a'), ['HTTP/1.1 200 OK', ...given]],
  [
    'a head with headers of its own',
    (res) => res.writeHead(201, { 'x-own': ['a', 'b'] }).end(),
    ['HTTP/1.1 201 Created', ...given, 'x-own: a', 'x-own: b'],
  ],
  [
    'a head that says otherwise, at the same place',
    (res) => res.writeHead(200, { etag: '"1"', 'x-request-id': 'mine' }).end(),
    ['HTTP/1.1 200 OK', 'x-request-id: mine', 'cache-control: no-store', 'etag: "1"'],
  ],
  [
    'a head that says otherwise in capitals',
    (res) => res.writeHead(200, { 'Cache-Control': 'no-cache' }).end(),
    ['HTTP/1.1 200 OK', 'x-request-id: 7', 'Cache-Control: no-cache'],
  ],
  [
    'a head with a reason of its own',
    (res) => res.writeHead(200, 'Fine', { etag: '"1"' }).end(),
    ['HTTP/1.1 200 Fine', ...given, 'etag: "1"'],
  ],
  [
    'a head in the form of a list',
    (res) => res.writeHead(200, ['etag', '"1"']).end(),
    ['HTTP/1.1 200 OK', ...given, 'etag: "1"'],
  ],
  [
    'headers that are set one by one',
    (res) => res.setHeader('etag', '"1"').setHeader('cache-control', 'no-cache').end(),
    ['HTTP/1.1 200 OK', 'x-request-id: 7', 'cache-control: no-cache', 'etag: "1"'],
  ],
  [
    'headers that are set before the head is written',
    (res) => res.setHeader('etag', '"1"').writeHead(200, { 'cache-control': 'no-cache' }).end(),
    ['HTTP/1.1 200 OK', 'x-request-id: 7', 'cache-control: no-cache', 'etag: "1"'],
  ],
];

for (const [name, answer, expected] of cases) {
  test(`standing headers go with ${name}`, async () => {
    assert.deepEqual(await answered(answer), expected);
  });
}
