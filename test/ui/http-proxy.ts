import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fromBinary } from '@bufbuild/protobuf';
import { WatchTasksRequestSchema } from '../../gen/ts/predictd/v1/task_service_pb.js';

/** Starts a proxy between a browser and the service on a port of this machine. The caller disposes it. */
export async function startHttpProxy(port: number): Promise<HttpProxy> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new HttpProxy(server, port);
}

/** Passes requests on, until it is told to break connections. */
export class HttpProxy implements AsyncDisposable {
  /** Whether new connections are reset at once. */
  refuses = false;
  /** The `after_sequence` of each watch so far. */
  readonly watches: bigint[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(server: Server, port: number) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      if (this.refuses) socket.resetAndDestroy();
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (req, res) => {
      const { url = '', method, headers } = req;
      const upstream = request({ host: '127.0.0.1', port, path: url, method, headers });
      upstream.on('response', (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => res.destroy());
        answer.pipe(res);
      });
      upstream.on('error', () => res.destroy());
      res.on('close', () => upstream.destroy());
      if (url.endsWith('/WatchTasks')) req.once('data', (bytes: Buffer) => this.#note(bytes));
      req.pipe(upstream);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Resets all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.cut();
  }

  /** The one message of a Connect stream's request stands behind five bytes of frame. */
  #note(bytes: Buffer): void {
    const { afterSequence } = fromBinary(WatchTasksRequestSchema, bytes.subarray(5));
    this.watches.push(afterSequence);
  }
}
