import type { ServerHttp2Session } from 'node:http2';
import type { Limits } from './limits.js';

/** The HTTP/2 sessions of a server: watched for signs of life, and told together to go away. */
export class SessionKeeper {
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #limits: Limits;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Looks after `session` until it closes. */
  add(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.setLocalWindowSize(this.#limits.connectionWindowBytes);
    const timer = keepAlive(session, this.#limits);
    session.once('close', () => {
      clearInterval(timer);
      this.#sessions.delete(session);
    });
  }

  /** Sends GOAWAY on every session: calls in flight finish, new ones go elsewhere. */
  goAway(): void {
    for (const session of this.#sessions) session.close();
  }
}

/** Node sends no pings by itself, so a peer that vanished would keep its streams for ever. */
function keepAlive(session: ServerHttp2Session, limits: Limits): NodeJS.Timeout {
  let streams = 0;
  let idleSince = performance.now();
  let answered = true;
  session.on('stream', (stream) => {
    streams += 1;
    stream.once('close', () => {
      streams -= 1;
      idleSince = performance.now();
    });
  });
  const tick = () => {
    if (!answered) {
      session.destroy();
      return;
    }
    if (streams === 0 && performance.now() - idleSince >= limits.idleSessionMs) session.close();
    if (session.destroyed) return;
    answered = false;
    session.ping((err) => {
      answered = err === null;
    });
  };
  return setInterval(tick, limits.pingEveryMs);
}
