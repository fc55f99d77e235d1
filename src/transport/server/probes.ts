import { type HttpResponse, replyJson } from './exchange.js';
import type { Log } from './log.js';
import type { PlainHandler, PlainRoutes } from './plain-routes.js';

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
 * The probe paths. `/livez` says that the process answers; `/readyz` and its alias `/healthz` list what is failing,
 * with 503.
 */
export function probeRoutes(options: ProbeOptions): PlainRoutes {
  const live: PlainHandler = (_req, res) => replyJson(res, 200, { status: 'ok' });
  const ready: PlainHandler = async (_req, res) =>
    replyReadiness(res, await failingChecks(options));
  return new Map([
    ['/livez', live],
    ['/readyz', ready],
    ['/healthz', ready],
  ]);
}

function replyReadiness(res: HttpResponse, failing: readonly FailingCheck[]): void {
  if (failing.length === 0) replyJson(res, 200, { status: 'ok', failing });
  else replyJson(res, 503, { status: 'unavailable', failing });
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
