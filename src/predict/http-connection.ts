import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

/** Below the time after which common servers end an idle connection by themselves. */
const IDLE_MS = 4_000;

/** A connection to one server, of which one call at a time makes use. */
export class HttpConnection extends Agent {
  /** Told of a refused address, which fails before a request begins to listen. */
  onRefusal: (error: Error) => void = () => undefined;
  readonly #connect: () => Duplex;

  /** It is made by the socket factory, which knows where tasks may connect. `keep` keeps it open between calls. */
  constructor(
    url: URL,
    socketFactory: ISocketFactory,
    { keep = false, tls = {} }: { readonly keep?: boolean; readonly tls?: ConnectionOptions } = {},
  ) {
    super(keep ? { keepAlive: true, maxSockets: 1, timeout: IDLE_MS } : { keepAlive: false });
    const ssl = url.protocol === 'https:';
    const target = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (ssl ? 443 : 80),
      // Without options of its own TLS trusts the system's authorities.
      ...(ssl ? { ssl: tls } : {}),
      onConnect: () => undefined,
    };
    this.#connect = () => socketFactory(target as Parameters<ISocketFactory>[0]);
  }

  override createConnection(_options: ClientRequestArgs): Duplex {
    const socket = this.#connect();
    socket.on('error', (error) => {
      if (isRefusal(error)) this.onRefusal(error);
    });
    return socket;
  }
}

/** Whether an error says that the service may not connect there. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EGRESS_DENIED';
}
