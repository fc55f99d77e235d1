import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay whose connections can be broken. Dispose it to end it. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Breaks every connection, and every new one until `mend`. */
  cut(): void;
  /** Lets connections through again. */
  mend(): void;
}

/** Relays connections of a free loopback port to another port of this machine. */
export async function startProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    relay(client, connect(targetPort, '127.0.0.1'), sockets);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP port');
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut,
    mend() {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function relay(client: Socket, service: Socket, sockets: Set<Socket>): void {
  for (const [from, to] of [
    [client, service],
    [service, client],
  ] as const) {
    sockets.add(from);
    from.setNoDelay(true);
    from.pipe(to);
    from.on('error', () => undefined);
    from.once('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}
