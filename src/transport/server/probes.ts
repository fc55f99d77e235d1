import { type HttpHandler, type HttpResponse, replyJson } from './exchange.js';
import type { Log } from './log.js';

/** A part of the service that is not ready, named for the operator: both texts are public. */
export interface FailingCheck {
  readonly check: string;
  readonly reason: string;
}

/**
 * Finds out what is not ready; an empty list means ready. It must not depend on what belongs to one
 * user, such as a broker. `signal` is aborted when the answer would come too late.
 */
export type Readiness = (signal: AbortSignal) => Promise<readonly FailingCheck[]>;

/** What the probes are about. */
export interface ProbeOptions {
  readonly readiness: Readiness;
  readonly readinessMs: number;
  readonly draining: () => boolean;
  readonly log: Log;
}

/**
 * The handlers of the probe paths. `/livez` says that the process answers; `/readyz` and its alias
 * `/healthz` list what is failing, with 503.
 */
export function probeHandlers(options: ProbeOptions): ReadonlyMap<string, HttpHandler> {
  const live = getOnly((res) => replyJson(res, 200, { status: 'ok' }));
  const ready = getOnly((res) => {
    failingChecks(options)
      .then((failing) => {
        const status = failing.length === 0 ? 'ok' : 'unavailable';
        replyJson(res, failing.length === 0 ? 200 : 503, { status, failing });
      })
      .catch((err: unknown) => options.log.error({ err }, 'a probe could not be answered'));
  });
  return new Map([
    ['/livez', live],
    ['/readyz', ready],
    ['/healthz', ready],
  ]);
}

function getOnly(reply: (res: HttpResponse) => void): HttpHandler {
  return (req, res) => {
    if (req.method === 'GET' || req.method === 'HEAD') {
      reply(res);
      return;
    }
    res.setHeader('allow', 'GET, HEAD');
    replyJson(res, 405, { code: 'unimplemented', message: 'use GET' });
  };
}

async function failingChecks(options: ProbeOptions): Promise<readonly FailingCheck[]> {
  if (options.draining()) return [{ check: 'server', reason: 'draining' }];
  const signal = AbortSignal.timeout(options.readinessMs);
  try {
    return await Promise.race([options.readiness(signal), tooLate(signal)]);
  } catch (err) {
    // The cause may name hosts and files: it goes to the log, not to whoever asks.
    options.log.error({ err }, 'the readiness check failed');
    return [{ check: 'readiness', reason: 'the check itself failed' }];
  }
}

function tooLate(signal: AbortSignal): Promise<readonly FailingCheck[]> {
  const late: readonly FailingCheck[] = [{ check: 'readiness', reason: 'timed out' }];
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(late), { once: true });
  });
}
