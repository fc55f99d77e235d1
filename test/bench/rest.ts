import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bearer } from './rest/contestants.js';

/**
 * Compares a transcoded unary call with the same call as Connect JSON, and with the same route in fastify. Prints
 * tab-separated lines: the call, calls a second and CPU time of a call for each, and the ratios of the CPU times.
 *
 * What is fair: each server has a process of its own, and the client, which only writes bytes and counts bytes, has
 * another; in one process its cost would be added to all and bring the ratios nearer to 1. All check the same token, all
 * answer the same body, and fastify is used as its makers advise: with schemas for what comes in and goes out.
 *
 * Each call is measured twice. `bare` is the engine behind our listener, with its limits, checks of the target, request
 * ids, deadlines and cancellation, against a fastify that has none of these: less than one would have to write for the
 * same contract. `whole` is what a service does with a call: ours with metrics and the log of calls too, and fastify with
 * all of it, see `same-job.ts`.
 *
 * The ratio is that of the CPU time in the best of many short rounds, in which the servers take turns: on a machine with
 * other work, calls a second say how much was left over.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    'round-ms': { type: 'string', default: '300' },
    connections: { type: 'string', default: '16' },
  },
});
const warmMs = 2_500;
const program = fileURLToPath(new URL('./rest/contestant.js', import.meta.url));

interface Contestant {
  readonly port: number;
  cpuUs(): Promise<number>;
  stop(): void;
}

type Extent = 'bare' | 'whole';

async function start(kind: 'ours' | 'fastify', extent: Extent): Promise<Contestant> {
  const child = fork(program, [kind, extent]);
  const [{ url }] = await once(child, 'message');
  return {
    port: Number(new URL(url).port),
    async cpuUs() {
      child.send('cpu');
      const [{ cpuUs }] = await once(child, 'message');
      return cpuUs;
    },
    stop: () => child.disconnect(),
  };
}

const service = '/library.v1.LibraryService';
const name = 'shelves/1/books/2';
const message = encodeURIComponent(JSON.stringify({ name }));
/** What is sent to the REST route, to Connect and to fastify. */
const calls = {
  GET: [
    get(`/v1/${name}`),
    get(`${service}/GetBook?connect=v1&encoding=json&message=${message}`),
    get(`/v1/${name}`),
  ],
  POST: [
    post(`/v1/${name}:lend`, { reader: 'Anne' }),
    post(`${service}/LendBook`, { name, reader: 'Anne' }),
    post('/v1/shelves/1/lend/2', { reader: 'Anne' }),
  ],
} as const;

process.stdout.write(
  'call\trest_per_s\tconnect_json_per_s\tfastify_per_s\trest_us\tconnect_json_us\tfastify_us\tto_connect\tto_fastify\n',
);
for (const extent of ['bare', 'whole'] as const) {
  const [rest, rpc, plain] = await Promise.all([
    start('ours', extent),
    start('ours', extent),
    start('fastify', extent),
  ]);
  for (const [call, [toRest, toRpc, toPlain]] of Object.entries(calls)) {
    await compare(`${call} ${extent}`, [
      [rest, toRest],
      [rpc, toRpc],
      [plain, toPlain],
    ]);
  }
  for (const server of [rest, rpc, plain]) server.stop();
}

type Side = readonly [server: Contestant, text: string];

/** Prints the line of one call to ours, to Connect and to fastify. */
async function compare(call: string, sides: readonly Side[]): Promise<void> {
  for (const [server, text] of sides) await measure(server, text, warmMs);
  const most = [0, 0, 0];
  const least = [Infinity, Infinity, Infinity];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const [index, [server, text]] of sides.entries()) {
      const { perSecond, us } = await measure(server, text, Number(values['round-ms']));
      most[index] = Math.max(most[index] ?? 0, perSecond);
      least[index] = Math.min(least[index] ?? Infinity, us);
    }
  }
  const [ours = 0, byConnect = 0, byFastify = 0] = least;
  const figures = [...most.map(Math.round), ...least.map((us) => us.toFixed(1))];
  const ratios = [byConnect / ours, byFastify / ours].map((ratio) => ratio.toFixed(2));
  process.stdout.write(`${[call, ...figures, ...ratios].join('\t')}\n`);
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer}\r\nAccept: */*\r\n\r\n`;
}

function post(path: string, json: object): string {
  const body = JSON.stringify(json);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer}\r\n`;
  return `${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Calls a second, and CPU time of the server for each, in microseconds. */
async function measure(server: Contestant, text: string, ms: number) {
  const length = await answerLength(server.port, text);
  const usBefore = await server.cpuUs();
  const startedAt = performance.now();
  const clients = Array.from({ length: Number(values.connections) }, () =>
    callUntil(startedAt + ms, { port: server.port, text, length }),
  );
  const counts = await Promise.all(clients);
  const count = counts.reduce((sum, one) => sum + one, 0);
  const perSecond = (count * 1_000) / (performance.now() - startedAt);
  return { perSecond, us: ((await server.cpuUs()) - usBefore) / count };
}

/** All answers to one call are equally long. */
async function answerLength(port: number, text: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text.replace('Host:', 'Connection: keep-alive\r\nHost:'));
  const [answer] = await once(socket, 'data');
  socket.destroy();
  assert.match(String(answer), /^HTTP\/1.1 200 /);
  return answer.length;
}

interface Caller {
  readonly port: number;
  readonly text: string;
  readonly length: number;
}

/** Calls one after another on a connection; answers how many there were. */
function callUntil(end: number, { port, text, length }: Caller): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1').setNoDelay(true);
    const request = Buffer.from(text);
    let count = 0;
    let bytes = 0;
    socket.on('error', reject).on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes < length) return;
      bytes -= length;
      count += 1;
      if (performance.now() < end) socket.write(request);
      else {
        resolve(count);
        socket.destroy();
      }
    });
    socket.write(request);
  });
}
