import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Towards the broker, or back to the client. */
export type Direction = 'requests' | 'answers';

/** Told of each Kafka request before it is forwarded; it is held until the answer resolves, and dropped on `false`. */
export type RequestHook = (apiKey: number) => Promise<boolean | undefined> | boolean | undefined;

/** API keys of Kafka's protocol that tests wait for. */
export const apiKeys = { produce: 0, offsetCommit: 8, endTxn: 26, txnOffsetCommit: 28 } as const;

/**
 * Starts a proxy on a free loopback port in front of a Kafka listener that need not be there yet. The caller disposes it.
 * Faults hold until they are taken back; those of `cut`, `reset` and `freeze` are done once, to the connections of that moment.
 */
export async function startTcpProxy(): Promise<TcpProxy> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new TcpProxy(server);
}

/** Forwards bytes, badly if told to. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  /** Where the bytes go. */
  targetPort = 0;
  /** Milliseconds that each byte is late. */
  readonly latencyMs: Record<Direction, number> = { requests: 0, answers: 0 };
  /** At most so many bytes in one write, one write every millisecond. 0: as they come. */
  sliceBytes = 0;
  /** Whether new connections are reset at once. */
  refuses = false;
  onRequest: RequestHook | undefined;
  /** Connections so far. */
  accepted = 0;
  readonly #server: Server;
  readonly #links = new Set<Link>();

  constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.#accept(client));
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Ends all connections as a process that exits does. Answers how many there were. */
  cut(): number {
    return this.#each((link) => link.end());
  }

  /** Resets all connections. */
  reset(): number {
    return this.#each((link) => link.reset());
  }

  /** Forwards so many more bytes of answers on each connection and resets it then, in the middle of a frame. */
  resetAfter(bytes: number): number {
    return this.#each((link) => {
      link.answerBytesLeft = bytes;
    });
  }

  /** Half-open: the connections stay, and nothing comes through any more. New ones work. */
  freeze(): number {
    return this.#each((link) => {
      link.frozen = true;
    });
  }

  /** All is well for what comes from now on. */
  heal(): void {
    this.latencyMs.requests = 0;
    this.latencyMs.answers = 0;
    this.sliceBytes = 0;
    this.refuses = false;
    this.onRequest = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.reset();
  }

  #each(act: (link: Link) => void): number {
    const links = [...this.#links];
    for (const link of links) act(link);
    return links.length;
  }

  #accept(client: Socket): void {
    if (this.refuses) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    this.accepted += 1;
    const link = new Link(this, client);
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
  }
}

class Link {
  frozen = false;
  answerBytesLeft = Number.POSITIVE_INFINITY;
  readonly #proxy: TcpProxy;
  readonly #client: Socket;
  readonly #broker: Socket;
  readonly #tails: Record<Direction, Promise<void>> = {
    requests: Promise.resolve(),
    answers: Promise.resolve(),
  };
  #partial: Buffer = Buffer.alloc(0);

  constructor(proxy: TcpProxy, client: Socket) {
    this.#proxy = proxy;
    this.#client = client;
    this.#broker = connect({ port: proxy.targetPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, this.#broker]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.reset());
    }
    client.on('data', (bytes) => this.#frames(bytes));
    this.#broker.on('data', (bytes) => this.#forward('answers', bytes));
    client.on('end', () => this.#ended('requests'));
    this.#broker.on('end', () => this.#ended('answers'));
    client.on('close', () => this.#broker.destroy());
    this.#broker.on('close', () => {
      if (!this.frozen) client.destroy();
    });
  }

  end(): void {
    this.#client.end();
    this.#broker.end();
    this.#client.destroySoon();
    this.#broker.destroySoon();
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#broker.resetAndDestroy();
  }

  #ended(direction: Direction): void {
    const to = direction === 'requests' ? this.#broker : this.#client;
    void this.#tails[direction].then(() => {
      if (!this.frozen) to.end();
    });
  }

  /** Requests are passed on whole, so that each can be looked at. */
  #frames(bytes: Buffer): void {
    this.#partial = this.#partial.length === 0 ? bytes : Buffer.concat([this.#partial, bytes]);
    while (this.#partial.length >= 6) {
      const length = 4 + this.#partial.readInt32BE(0);
      if (this.#partial.length < length) return;
      this.#forward('requests', this.#partial.subarray(0, length), this.#partial.readInt16BE(4));
      this.#partial = this.#partial.subarray(length);
    }
  }

  #forward(direction: Direction, bytes: Buffer, apiKey?: number): void {
    const at = performance.now();
    const from = direction === 'requests' ? this.#client : this.#broker;
    from.pause();
    this.#tails[direction] = this.#tails[direction]
      .then(() => this.#pass(direction, bytes, { at, apiKey }))
      .finally(() => from.resume())
      .catch(() => this.reset());
  }

  async #pass(
    direction: Direction,
    bytes: Buffer,
    { at, apiKey }: { readonly at: number; readonly apiKey: number | undefined },
  ): Promise<void> {
    const lateMs = at + this.#proxy.latencyMs[direction] - performance.now();
    if (lateMs > 0) await delay(lateMs);
    if (apiKey !== undefined && (await this.#proxy.onRequest?.(apiKey)) === false) return;
    if (this.frozen) return;
    if (direction === 'requests') await this.#write(this.#broker, bytes);
    else await this.#answer(bytes);
  }

  async #answer(bytes: Buffer): Promise<void> {
    const passed = bytes.subarray(0, this.answerBytesLeft);
    this.answerBytesLeft -= passed.length;
    await this.#write(this.#client, passed);
    if (this.answerBytesLeft <= 0) this.reset();
  }

  async #write(to: Socket, bytes: Buffer): Promise<void> {
    const step = this.#proxy.sliceBytes || bytes.length;
    for (let from = 0; from < bytes.length && !to.destroyed; from += step) {
      if (from > 0) await delay(1);
      if (to.destroyed) return;
      const flushed = to.write(bytes.subarray(from, from + step));
      if (!flushed) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  }
}
