import { once } from 'node:events';
import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  IncomingMessage,
} from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { HttpHandler } from './exchange.js';
import type { Limits } from './limits.js';
import type { Log } from './log.js';
import { SessionKeeper } from './session-keeper.js';
import { type Protocol, sniff } from './sniff.js';
import { Http1Response } from './standing-headers.js';

/** Certificate chain and private key, PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Where to listen and what to do with requests. */
export interface ListenerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  readonly limits: Limits;
  readonly log: Log;
  /** Must not throw. */
  readonly onRequest: HttpHandler;
}

/** One open port. The caller ends it with `stopAccepting`, `goAway` and, at the latest, `cut`. */
export interface Listener {
  readonly address: AddressInfo;
  /** Resolves when the port and all its connections are closed. */
  readonly closed: Promise<void>;
  connections(): number;
  stopAccepting(): void;
  /** Asks clients to leave: GOAWAY on HTTP/2, idle HTTP/1 connections are closed. May be called again. */
  goAway(): void;
  /** Closes every connection now; says how many there were. */
  cut(): number;
}

/**
 * Listens for HTTP/1.1 and HTTP/2 on one port. In plaintext the first bytes tell which it is, with
 * TLS the negotiated protocol. Both end in the same two inner servers, so all limits hold for both.
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const sessions = new SessionKeeper(options.limits);
  const h1 = http1Server(options);
  const h2 = http2Server(options, sessions);
  const port = portServer(options, (socket, protocol) => {
    (protocol === 'h1' ? h1 : h2).emit('connection', socket);
  });
  port.on('connection', (socket) => track(socket, sockets));
  port.maxConnections = options.limits.maxConnections;
  port.on('drop', (from) => options.log.warn({ from }, 'too many connections: one was refused'));
  port.listen(options.port, options.host);
  await once(port, 'listening');
  port.on('error', (err) => options.log.error({ err }, 'the port failed'));
  // The port says 'close' a moment before its last connection does.
  const closed = once(port, 'close').then(() => allClosed(sockets));
  return {
    address: addressOf(port),
    closed,
    connections: () => sockets.size,
    stopAccepting: () => void port.close(),
    goAway() {
      sessions.goAway();
      h1.closeIdleConnections();
    },
    cut() {
      // Also ends the timer behind the inner server's timeouts.
      h1.close();
      const count = sockets.size;
      for (const socket of sockets) socket.destroy();
      return count;
    },
  };
}

type Route = (socket: Socket, protocol: Protocol) => void;

function portServer({ tls, limits }: ListenerOptions, route: Route): TcpServer {
  if (tls === undefined) {
    return createTcpServer({ noDelay: true }, (socket) => {
      sniff(socket, limits.firstByteMs, (protocol) => route(socket, protocol));
    });
  }
  const server = createTlsServer({
    ...tls,
    ALPNProtocols: ['h2', 'http/1.1'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.firstByteMs,
    noDelay: true,
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', ignore);
    route(socket, socket.alpnProtocol === 'h2' ? 'h2' : 'h1');
  });
  server.on('tlsClientError', (_err, socket) => socket.destroy());
  return server;
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  // What a client does to its connection is no fault of the server: 'close' follows.
  socket.on('error', ignore);
}

async function allClosed(sockets: ReadonlySet<Socket>): Promise<void> {
  await Promise.all(
    [...sockets].map((socket) => new Promise((done) => socket.once('close', done))),
  );
}

type Http1 = Http1Server<typeof IncomingMessage, typeof Http1Response>;

function http1Server({ limits, onRequest }: ListenerOptions): Http1 {
  const server = createHttp1Server(
    {
      maxHeaderSize: limits.headerMaxBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: limits.keepAliveMs,
      IncomingMessage,
      ServerResponse: Http1Response,
    },
    onRequest,
  );
  // Node passes over any further field without a word; the one too many is what tells.
  server.maxHeadersCount = limits.headerMaxCount + 1;
  // This server never listens, and Node starts the clock behind its timeouts on this event only.
  server.emit('listening');
  return server;
}

function http2Server({ limits, onRequest }: ListenerOptions, sessions: SessionKeeper): Http2Server {
  const server = createHttp2Server(
    {
      maxSessionMemory: limits.sessionMemoryMb,
      maxSessionInvalidFrames: limits.sessionBadFrames,
      maxSessionRejectedStreams: limits.sessionRejectedStreams,
      maxHeaderListPairs: limits.headerMaxCount,
      settings: {
        enablePush: false,
        maxConcurrentStreams: limits.streamsPerConnection,
        maxHeaderListSize: limits.headerMaxBytes,
        initialWindowSize: limits.streamWindowBytes,
      },
    },
    onRequest,
  );
  server.on('session', (session) => sessions.add(session));
  server.on('sessionError', ignore);
  return server;
}

function addressOf(server: TcpServer): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP port');
  return address;
}

function ignore(): void {}
