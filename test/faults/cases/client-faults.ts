import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { residentMib } from '../../support/process.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { randomRequest, serviceMethods } from '../random-request.js';
import { Stream } from '../stream.js';

const fuzzRounds = 60;
const slowClients = 300;
const idleClients = 3_000;
const rapidResets = 20_000;
const calmMsMax = 1_000;

/** Fault 35. */
export const malformedInput: FaultCase = {
  fault: 35,
  name: 'malformed input on every endpoint',
  holds: 'a typed error, never an internal one; the service stays up and small',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    const { token } = JSON.parse(await readFile(stream.service.adminFile, 'utf8'));
    const { url, processId } = stream.service;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let sent = 0;
    const send = async (path: string, body: string | Uint8Array, more: object = {}) => {
      sent += 1;
      const options = { method: 'POST', body, headers: { ...headers, ...more } };
      const signal = AbortSignal.timeout(15_000);
      const answer = await fetch(`${url}${path}`, { ...options, signal }).catch(() => undefined);
      // An upload that is far too large may lose its connection; a call never ends as the program's own fault.
      if (!answer) return;
      const text = await answer.text();
      assert.ok(answer.status !== 500, `${path} ${String(body).slice(0, 300)}: ${text}`);
    };
    for (const method of serviceMethods()) {
      for (let round = 0; round < fuzzRounds; round += 1) {
        await send(method.path, JSON.stringify(randomRequest(method.input, lab.random)));
      }
      for (const body of broken()) await send(method.path, body);
      await send(method.path, gzipSync(Buffer.alloc(100 * 1024 * 1024)), {
        'content-encoding': 'gzip',
      });
      await send(method.path, '<task/>', { 'content-type': 'text/xml' });
    }
    await send('/v1/users/admin/tasks', Buffer.alloc(100 * 1024 * 1024, 0x20));
    assert.equal(stream.service.processId, processId);
    const memory = await residentMib(processId);
    lab.note(`${sent} requests; the service has ${memory} MiB`);
    assert.ok(memory < 700, `${memory} MiB`);
    stream.feed();
    await stream.recovers();
    return { injected: sent, ...(await stream.account()) };
  },
};

function broken(): (string | Uint8Array)[] {
  return [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '[['.repeat(50_000),
    '{"a":'.repeat(50_000),
    '{"parent":"\\ud800"}',
    '{"pageSize":1e400}',
    '{"pageSize":-1}',
    '{"__proto__":{"x":1}}',
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    Buffer.alloc(1_000, 0),
  ];
}

/** Fault 36. */
export const hostileClients: FaultCase = {
  fault: 36,
  name: 'slow headers, slow bodies, rapid resets, settings flood, idle connections',
  holds: 'limits end them, and other clients are served',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    const port = Number(new URL(stream.service.url).port);
    const sockets: Socket[] = [];
    lab.after(() => sockets.forEach((socket) => void socket.destroy()));
    const calm = async (what: string) => {
      const ms = await medianCallMs(stream);
      lab.note(`${what}: others are served in ${Math.round(ms)} ms`);
      assert.ok(ms < calmMsMax, `${what}: a call took ${ms} ms`);
    };
    await calm('nobody else');
    const slow = openSockets(port, slowClients);
    sockets.push(...slow);
    for (const [index, socket] of slow.entries()) {
      socket.write(index % 2 === 0 ? 'GET / HTTP/1.1\r\nHost: x\r\nX-' : slowBody);
    }
    await calm('slow headers and bodies');
    await delay(20_000);
    const ended = slow.filter((socket) => socket.destroyed || socket.readableEnded).length;
    assert.ok(ended >= slowClients / 2, `${ended} of the slow ones were ended`);
    for (const socket of slow) socket.destroy();
    await rapidReset(stream.service.url);
    await calm('rapid resets');
    await settingsFlood(port, sockets);
    await calm('a settings flood');
    const idle = openSockets(port, idleClients);
    sockets.push(...idle);
    await delay(1_000);
    await calm('idle connections');
    for (const socket of idle) socket.destroy();
    const recoveryMs = [await stream.recovers()];
    const injected = slowClients + rapidResets + idleClients + 1;
    return { injected, ...(await stream.account()), recoveryMs };
  },
};

/** Of five calls: one alone may meet a busy machine. */
async function medianCallMs(stream: Stream): Promise<number> {
  const calls: number[] = [];
  for (let call = 0; call < 5; call += 1) {
    const askedAt = performance.now();
    await stream.status();
    calls.push(performance.now() - askedAt);
  }
  return calls.toSorted((a, b) => a - b)[2] ?? 0;
}

const slowBody =
  'POST /v1/users/admin/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
  'Content-Length: 1000\r\n\r\n{';

function openSockets(port: number, count: number): Socket[] {
  return Array.from({ length: count }, () =>
    connectSocket({ port, host: '127.0.0.1' })
      .on('error', () => undefined)
      .resume(),
  );
}

/** Opens streams and resets them at once, past the limit of open ones, until the server ends the session. */
async function rapidReset(url: string): Promise<void> {
  const session = connectHttp2(url).on('error', () => undefined);
  for (let count = 0; count < rapidResets && !session.destroyed; count += 1) {
    const stream = session.request({ ':path': '/v1/users/admin/tasks' });
    stream.on('error', () => undefined);
    stream.close(constants.NGHTTP2_CANCEL);
    if (count % 200 === 0) await delay(1);
  }
  session.destroy();
}

/** A thousand empty SETTINGS frames a write, each of which asks for an answer. */
async function settingsFlood(port: number, sockets: Socket[]): Promise<void> {
  const [socket] = openSockets(port, 1);
  if (!socket) return;
  sockets.push(socket);
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  const flood = Buffer.concat(Array.from({ length: 1_000 }, () => settings));
  for (let count = 0; count < 200 && !socket.destroyed; count += 1) {
    socket.write(flood);
    await delay(1);
  }
  socket.destroy();
}
