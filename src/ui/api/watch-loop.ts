import { Code, ConnectError } from '@connectrpc/connect';
import type { WatchTasksResponse } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { tasks } from './clients.js';
import { failureOf } from './failure.js';
import { signOut } from './session.js';
import { heedAttention } from './visibility.js';

/** How the connection is. */
export type Link =
  | { readonly type: 'connecting' }
  | { readonly type: 'live' }
  /** Nobody looks: the watch rests, and goes on where it was. */
  | { readonly type: 'paused' }
  | {
      readonly type: 'lost';
      readonly since: number;
      readonly retryAt: number;
      readonly why: string;
    };

/** What a watch tells. */
export interface WatchListener {
  onMessage(message: WatchTasksResponse): void;
  /** Told `live` before the first message of each connection. */
  onLink(link: Link): void;
}

/** A watch that goes on until it is closed. */
export interface Watching {
  /** Tries at once instead of waiting. */
  retryNow(): void;
  close(): void;
}

/** The service says something every 15 s; three times that in silence is a dead connection. */
const silenceMs = 45_000;
const backoffMsMax = 10_000;

/**
 * Watches the tasks of `parent` and, when the connection breaks, again from the newest sequence that was seen, so that
 * no change is missed. What is older than the history that is kept begins anew with a snapshot.
 */
export function watchTasks(parent: string, listener: WatchListener): Watching {
  let after = 0n;
  let failures = 0;
  let lostAt = 0;
  let attempt = new AbortController();
  let timer: number | undefined;
  let open = false;
  let closed = false;

  const connect = async () => {
    window.clearTimeout(timer);
    if (closed || open || (document.hidden && after > 0n)) return;
    open = true;
    attempt = new AbortController();
    if (failures === 0) listener.onLink({ type: 'connecting' });
    let why = 'The service ended the watch.';
    try {
      await read(attempt);
    } catch (error) {
      why = failureOf(error).message;
      if (isExpired(error)) after = 0n;
      if (!closed && isRefused(error)) signOut(why);
    }
    open = false;
    if (!closed) next(why);
  };

  const read = async ({ signal }: AbortController) => {
    const silence = silenceTimer(attempt);
    let isFirst = true;
    try {
      const stream = tasks.watchTasks({ parent, afterSequence: after }, { signal, timeoutMs: 0 });
      for await (const message of stream) {
        // What was on its way when the watch was given up is nobody's any more.
        if (signal.aborted) break;
        if (isFirst) listener.onLink({ type: 'live' });
        isFirst = false;
        failures = 0;
        lostAt = 0;
        silence.restart();
        // A snapshot that breaks off half way has to be sent again from its beginning.
        const whole = message.kind.case !== 'snapshot' && message.kind.case !== 'resync';
        if (whole && message.sequence > after) after = message.sequence;
        listener.onMessage(message);
      }
    } finally {
      silence.stop();
    }
  };

  const next = (why: string) => {
    if (document.hidden) {
      listener.onLink({ type: 'paused' });
      return;
    }
    failures += 1;
    lostAt ||= Date.now();
    const delayMs = backoffMs(failures);
    listener.onLink({ type: 'lost', since: lostAt, retryAt: Date.now() + delayMs, why });
    timer = window.setTimeout(connect, delayMs);
  };

  const onOnline = () => void connect();
  // A stream that cannot come any more would not end by itself for long.
  const onOffline = () => attempt.abort(new Error('This machine is offline.'));

  const heedNoMore = heedAttention({
    rest: () => attempt.abort(),
    wake: () => void connect(),
  });
  window.addEventListener('online', onOnline);
  window.addEventListener('offline', onOffline);
  void connect();
  return {
    retryNow: () => void connect(),
    close() {
      closed = true;
      attempt.abort();
      window.clearTimeout(timer);
      heedNoMore();
      window.removeEventListener('online', onOnline);
      window.removeEventListener('offline', onOffline);
    },
  };
}

/** Aborts the attempt when nothing was heard for long. */
function silenceTimer(attempt: AbortController) {
  const start = () =>
    window.setTimeout(() => attempt.abort(new Error('The connection is silent.')), silenceMs);
  let timer = start();
  return {
    restart() {
      window.clearTimeout(timer);
      timer = start();
    },
    stop: () => window.clearTimeout(timer),
  };
}

function backoffMs(failures: number): number {
  return Math.min(backoffMsMax, 500 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

function isExpired(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.OutOfRange;
}

function isRefused(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Unauthenticated;
}
