import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the range from which Linux takes the ports of outgoing connections (32768 up), so that
 * no connection can take a broker's port while the broker is down between kill and restart.
 */
const PORT_FIRST = 20_000;
const PORT_END = 32_000;
const ATTEMPTS_MAX = 200;

/** Loopback ports that were all free at the same moment; nobody holds them afterwards. */
export async function freeLoopbackPorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  try {
    for (let attempt = 0; held.size < count; attempt += 1) {
      if (attempt === ATTEMPTS_MAX) {
        throw new Error(`no ${count} free loopback ports after ${ATTEMPTS_MAX} attempts`);
      }
      const port = randomInt(PORT_FIRST, PORT_END);
      const server = held.has(port) ? undefined : await listen(port);
      if (server !== undefined) {
        held.set(port, server);
      }
    }
    return [...held.keys()];
  } finally {
    await Promise.all([...held.values()].map(close));
  }
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch {
    // Somebody else has the port: the caller tries another one.
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
