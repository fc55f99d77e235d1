import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Code, ConnectError } from '@connectrpc/connect';
import type { FastifyInstance, FastifyRequest, FastifyServerOptions } from 'fastify';
import { createLog } from '../../../src/telemetry/log.js';
import type { ServiceMetrics } from '../../../src/telemetry/service-metrics.js';
import { CallEnd } from '../../../src/transport/call-end.js';
import { timeoutMsOf } from '../../../src/transport/rest/http/deadline.js';
import { parseJsonBody } from '../../../src/transport/rest/http/json-text.js';
import { fieldsOf } from '../../../src/transport/rest/http/node.js';
import { defaultLimits } from '../../../src/transport/rest/limits.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Ends when the caller leaves or its time is up. */
    end: CallEnd;
    startedAt: number;
  }
}

/** How fastify has to be made for `doSameJob`. */
export const sameJobOptions: FastifyServerOptions = {
  genReqId: (req) => requestId(req),
  bodyLimit: defaultLimits.bodyBytesMax,
  // As it is by default, what no schema names is taken away without a word.
  ajv: { customOptions: { removeAdditional: false } },
};

/**
 * What our stack does with every call, for fastify, by its hooks and in few words: request ids, checks of the target and
 * the host, deadlines, cancellation, strict JSON, metrics and a line in the log. Errors have no form of their own here.
 */
export function doSameJob(app: FastifyInstance, { calls, requests }: ServiceMetrics): void {
  const log = createLog('error');
  app.decorateRequest('end');
  app.decorateRequest('startedAt', 0);
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    request.startedAt = performance.now();
    metersOf(calls, request).underWay.inc();
    reply.header('x-request-id', request.id);
    const fault = faultOf(raw);
    if (fault !== undefined) {
      reply.code(fault).send({});
      return;
    }
    request.end = beginCall(request, reply.raw);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const seconds = (performance.now() - request.startedAt) / 1_000;
    const { underWay, ended, duration } = metersOf(calls, request);
    underWay.dec();
    ended.inc();
    duration.observe(seconds);
    requests.inc({ version: request.raw.httpVersion, status: String(reply.statusCode) });
    const fields = { requestId: request.id, procedure: request.routeOptions.url };
    log.debug({ ...fields, code: reply.statusCode, ms: Math.round(seconds * 1_000) }, 'call');
    done();
  });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) =>
      parseJsonBody(body, defaultLimits.jsonDepthMax),
  );
}

function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

const unsafeTarget = /[^\x21-\x7e]|[\\#]|\/\/|\/\.\.?(?:[/:?]|$)|%(?:2e|2f|5c|00)/i;
const authority = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d{1,5})?$/i;

function faultOf({ url = '', headers, rawHeaders }: IncomingMessage): 400 | 414 | undefined {
  if (url.length > defaultLimits.targetBytesMax) return 414;
  if (unsafeTarget.test(url) || !authority.test(headers.host ?? '')) return 400;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts === 1 ? undefined : 400;
}

function beginCall({ raw }: FastifyRequest, res: FastifyReplyRaw): CallEnd {
  const end = new CallEnd();
  res.on('close', () => {
    if (!res.writableEnded) end.end(new ConnectError('the caller went away', Code.Canceled));
  });
  const timeoutMs = timeoutMsOf(fieldsOf(raw), defaultLimits.timeoutMsMax);
  if (timeoutMs !== undefined) end.startClock(timeoutMs);
  return end;
}

interface FastifyReplyRaw {
  readonly writableEnded: boolean;
  on(event: 'close', listener: () => void): unknown;
}

type Meters = ReturnType<typeof newMeters>;
const meters = new Map<string | undefined, Meters>();

/** The series of a route, looked up once. */
function metersOf(calls: ServiceMetrics['calls'], { routeOptions }: FastifyRequest): Meters {
  const found = meters.get(routeOptions.url) ?? newMeters(calls, routeOptions.url ?? '');
  meters.set(routeOptions.url, found);
  return found;
}

function newMeters(calls: ServiceMetrics['calls'], method: string) {
  const labels = { service: 'library', method };
  return {
    underWay: calls.underWay.labels(labels),
    ended: calls.ended.labels({ ...labels, code: 'ok' }),
    duration: calls.duration.labels(labels),
  };
}
