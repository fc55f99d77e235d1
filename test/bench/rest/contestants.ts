import { tmpdir } from 'node:os';
import { Code, ConnectError, createContextValues, type Interceptor } from '@connectrpc/connect';
import { type FastifyRequest, fastify, type RouteGenericInterface } from 'fastify';
import { createLog } from '../../../src/telemetry/log.js';
import { rpcMetrics } from '../../../src/telemetry/rpc-metrics.js';
import { createServiceMetrics } from '../../../src/telemetry/service-metrics.js';
import { callFields, callLog } from '../../../src/transport/call-log.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { baseInterceptors } from '../../../src/transport/server/interceptors.js';
import { startServer } from '../../../src/transport/server/server.js';
import { libraryRoutes } from '../../transport/rest/library-server.js';
import { doSameJob, sameJobOptions } from './same-job.js';

/** What every call carries; both servers refuse any other. */
export const bearer = 'Bearer secret';

/**
 * A library behind our listener and interceptors, as `serve.ts` composes them; `isWhole` with its metrics and its log of
 * calls as well. Answers its URL.
 */
export async function startOurs(isWhole: boolean): Promise<string> {
  const log = createLog('error');
  const { calls, requests } = metrics();
  const interceptors = isWhole
    ? [rpcMetrics(calls), ...baseInterceptors(log, callFields), callLog(log), authentication]
    : [...baseInterceptors(log), authentication];
  const contextValues = () => createContextValues();
  const rest = createRest({ interceptors, contextValues });
  const seen = { contexts: [], watchEnded: Promise.resolve(), endWatch: () => undefined };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    routes(router) {
      libraryRoutes(rest.tap(router), seen);
    },
    interceptors,
    fallback: rest.handler,
    contextValues,
    readiness: async () => [],
    log,
    ...(isWhole && {
      onExchange: ({ httpVersion }, { statusCode }) => {
        requests.inc({ version: httpVersion, status: String(statusCode) });
      },
    }),
  });
  // The contexts that tests look at would only grow here.
  setInterval(() => seen.contexts.splice(0), 10).unref();
  return server.url;
}

/** The same routes as one writes them by hand; `isWhole` with `doSameJob`. Answers its URL. */
export async function startFastify(isWhole: boolean): Promise<string> {
  const app = fastify(isWhole ? sameJobOptions : {});
  if (isWhole) doSameJob(app, metrics());
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    if (request.headers.authorization === bearer) done();
    else reply.code(401).send({});
  });
  app.get<{ Params: Params }>(
    '/v1/shelves/:shelf/books/:book',
    { schema: { params, querystring, response: { 200: book } } },
    ended(isWhole, async (request) => ({
      ...noBook,
      name: nameOf(request.params),
      title: 'Emma',
    })),
  );
  app.post<{ Params: Params; Body: { reader: string } }>(
    '/v1/shelves/:shelf/lend/:book',
    { schema: { params, querystring, body, response: { 200: book } } },
    ended(isWhole, async (request) => ({
      ...noBook,
      name: nameOf(request.params),
      title: request.body.reader,
      lentTime: new Date(0).toISOString(),
    })),
  );
  return app.listen({ host: '127.0.0.1', port: 0 });
}

/** Lets a call end before its handler does, where somebody ends it. */
function ended<R extends FastifyRequest<G>, G extends RouteGenericInterface>(
  isWhole: boolean,
  handler: (request: R) => Promise<object>,
): (request: R) => Promise<object> {
  return isWhole ? (request) => request.end.race(handler(request)) : handler;
}

function metrics() {
  return createServiceMetrics({ version: '', dataDirectory: tmpdir(), tasksMax: 1 });
}

const authentication: Interceptor = (next) => async (req) => {
  if (req.header.get('authorization') === bearer) return next(req);
  throw new ConnectError('who are you?', Code.Unauthenticated);
};

interface Params {
  readonly shelf: string;
  readonly book: string;
}

function nameOf({ shelf, book }: Params): string {
  return `shelves/${shelf}/books/${book}`;
}

const text = { type: 'string' };
const params = { type: 'object', properties: { shelf: text, book: text } };
const body = { type: 'object', properties: { reader: text }, additionalProperties: false };
const querystring = { type: 'object', additionalProperties: false };
const noBook = { pageCount: 0, wordCount: '160000', tags: [] };
const book = {
  type: 'object',
  properties: {
    name: text,
    title: text,
    pageCount: { type: 'integer' },
    wordCount: text,
    lentTime: text,
    tags: { type: 'array', items: text },
  },
};
