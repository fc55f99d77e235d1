import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { fastify } from 'fastify';
import { startLibrary } from '../transport/rest/library-server.js';

/**
 * Compares a transcoded unary call with the same call as Connect JSON on the same server, and with
 * the same route and answer written by hand for fastify. Prints tab-separated lines: the call, calls
 * a second of each, and the ratios. They take turns in short rounds, so that whatever else the machine does meets all alike.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '6' },
    'round-ms': { type: 'string', default: '500' },
    connections: { type: 'string', default: '8' },
  },
});
const rounds = Number(values.rounds);
const roundMs = Number(values['round-ms']);
const connections = Number(values.connections);

interface Call {
  readonly port: number;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const message = encodeURIComponent(JSON.stringify({ name: 'shelves/1/books/2' }));
const service = '/library.v1.LibraryService';
const server = await startLibrary();
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const { port } = server;
const pairs: readonly [name: string, rest: Call, connect: Call][] = [
  [
    'GET',
    { port, method: 'GET', path: '/v1/shelves/1/books/2' },
    {
      port,
      method: 'GET',
      path: `${service}/GetBook?connect=v1&encoding=json&message=${message}`,
    },
  ],
  [
    'POST',
    { port, method: 'POST', path: '/v1/shelves/1/books/2:lend', body: '{"reader":"Anne"}' },
    {
      port,
      method: 'POST',
      path: `${service}/LendBook`,
      body: '{"name":"shelves/1/books/2","reader":"Anne"}',
    },
  ],
];

const plain = fastify();
const book = await answerOf(pairs[0]?.[1]);
const lent = await answerOf(pairs[1]?.[1]);
plain.get('/v1/shelves/:shelf/books/:book', async () => book);
plain.post('/v1/shelves/:shelf/books/:book::lend', async () => lent);
const plainPort = Number(new URL(await plain.listen({ host: '127.0.0.1', port: 0 })).port);

process.stdout.write(
  'call\trest_per_s\tconnect_json_per_s\tfastify_per_s\tto_connect\tto_fastify\n',
);
for (const [name, rest, connect] of pairs) {
  const calls = [rest, connect, { ...rest, port: plainPort }];
  const totals = calls.map(() => 0);
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, call] of calls.entries()) {
      const figure = await callsPerSecond(call);
      if (round > 0) totals[index] = (totals[index] ?? 0) + figure;
    }
  }
  const [ours = 0, byConnect = 0, byFastify = 0] = totals.map((total) => total / rounds);
  const figures = [ours, byConnect, byFastify].map((figure) => figure.toFixed(0));
  const ratios = [ours / byConnect, ours / byFastify].map((ratio) => ratio.toFixed(2));
  process.stdout.write(`${[name, ...figures, ...ratios].join('\t')}\n`);
}
agent.destroy();
await plain.close();
await server.close();

/** What the library answers, so that fastify has the same to write. */
async function answerOf(call: Call | undefined): Promise<unknown> {
  if (call === undefined) throw new Error('no call');
  const { method, body = null } = call;
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${call.path}`, { method, body, headers });
  return response.json();
}

async function callsPerSecond(call: Call): Promise<number> {
  const start = performance.now();
  const end = start + roundMs;
  let calls = 0;
  const client = async () => {
    while (performance.now() < end) {
      await send(call);
      calls++;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return (calls * 1_000) / (performance.now() - start);
}

async function send({ port, method, path, body }: Call): Promise<void> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request({ host: '127.0.0.1', port, method, path, headers, agent });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) {
    throw new Error(`${method} ${path} answered ${response.statusCode}`);
  }
}
