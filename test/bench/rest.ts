import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import { startLibrary } from '../transport/rest/library-server.js';

/**
 * Compares a transcoded unary call with the same call as Connect JSON, on one server and over the
 * same kind of client. Prints tab-separated lines: the call, calls a second of each, their ratio.
 * The two take turns in short rounds, so that whatever else the machine does meets both alike.
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
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const message = encodeURIComponent(JSON.stringify({ name: 'shelves/1/books/2' }));
const service = '/library.v1.LibraryService';
const pairs: readonly [name: string, rest: Call, connect: Call][] = [
  [
    'GET',
    { method: 'GET', path: '/v1/shelves/1/books/2' },
    {
      method: 'GET',
      path: `${service}/GetBook?connect=v1&encoding=json&message=${message}`,
    },
  ],
  [
    'POST',
    { method: 'POST', path: '/v1/shelves/1/books/2:lend', body: '{"reader":"Anne"}' },
    {
      method: 'POST',
      path: `${service}/LendBook`,
      body: '{"name":"shelves/1/books/2","reader":"Anne"}',
    },
  ],
];

const server = await startLibrary();
const agent = new Agent({ keepAlive: true, maxSockets: connections });

process.stdout.write('call\trest_per_s\tconnect_json_per_s\tratio\n');
for (const [name, rest, connect] of pairs) {
  await callsPerSecond(rest);
  await callsPerSecond(connect);
  let restTotal = 0;
  let connectTotal = 0;
  for (let round = 0; round < rounds; round++) {
    restTotal += await callsPerSecond(rest);
    connectTotal += await callsPerSecond(connect);
  }
  const figures = [restTotal / rounds, connectTotal / rounds].map((figure) => figure.toFixed(0));
  process.stdout.write(`${[name, ...figures, (restTotal / connectTotal).toFixed(2)].join('\t')}\n`);
}
agent.destroy();
await server.close();

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

async function send({ method, path, body }: Call): Promise<void> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const sent = request({ host: '127.0.0.1', port: server.port, method, path, headers, agent });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) {
    throw new Error(`${method} ${path} answered ${response.statusCode}`);
  }
}
