import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { DescFile, DescService, Registry } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ContextValues,
  type Interceptor,
} from '@connectrpc/connect';
import { Health } from '../../../gen/ts/grpc/health/v1/health_pb.js';
import type { CorsOptions } from '../cors.js';
import {
  cutOff,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
  pathOf,
  replyAllowed,
  replyJson,
  replyNotFound,
} from './exchange.js';
import { HealthBoard } from './health.js';
import { discardLeftover, limitUpload } from './leftover.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { type Listener, openListener, type TlsFiles } from './listener.js';
import type { Log } from './log.js';
import { type OnFailure, type PlainRoutes, plainHandlers } from './plain-routes.js';
import { probeRoutes, type Readiness } from './probes.js';
import { reflectionRoutes } from './reflection.js';
import {
  asksServer,
  normalize,
  REFUSAL_CODES,
  refusalOf,
  SERVED_METHODS,
} from './request-guard.js';
import { assignRequestId, REQUEST_ID_HEADER, requestIdOf } from './request-id.js';
import { rpcHandler } from './rpc-handler.js';
import { setStandingHeaders } from './standing-headers.js';

/** What a server is made of. */
export interface ServerOptions {
  readonly host: string;
  /** 0 lets the system choose: see `Server.url`. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  /** The services. Give per-service options in no case: they would replace the interceptors. */
  readonly routes: (router: ConnectRouter) => void;
  /**
   * The whole chain, outermost first; it should begin with `baseInterceptors`. Health is behind it too. Of a stream from
   * the server they see the first message and the end: see `sharedFrames`.
   */
  readonly interceptors: readonly Interceptor[];
  /** Paths beside the procedures, such as pages and files. Those of the probes are taken. */
  readonly plainRoutes?: PlainRoutes;
  /**
   * Serves paths that are neither procedure nor plain; by default they are not found. It also has to refuse every URL
   * that is too long: it may know in which form its callers read a refusal.
   */
  readonly fallback?: HttpHandler;
  /** Which other origins browsers may call procedures from. Default: none. */
  readonly cors?: CorsOptions | undefined;
  /** The context of one request, a fresh one each time. */
  readonly contextValues?: (req: HttpRequest) => ContextValues;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
  /** For `google.protobuf.Any` and extensions in JSON. */
  readonly registry?: Registry;
  /** Whether to describe the services to strangers, and which files besides those of the services. */
  readonly reflection?: { readonly files: readonly DescFile[] };
  /** Aborted on draining. Give one to end what the server does not run itself, such as streams of the fallback. */
  readonly shutdown?: AbortController;
  /** What calls that draining ends are told. It should be UNAVAILABLE, so that callers go elsewhere. */
  readonly drainReason?: ConnectError;
  readonly newRequestId?: () => string;
  /** Told of each exchange when it is over, whatever served it. */
  readonly onExchange?: (req: HttpRequest, res: HttpResponse) => void;
}

/** A running server. Whoever started it must drain it. */
export interface Server {
  /** `http://host:port` or `https://host:port`, with the port that was chosen. */
  readonly url: string;
  readonly health: HealthBoard;
  connections(): number;
  /**
   * Ends the server: unhealthy first, then no new connections, streams ended with UNAVAILABLE, calls
   * in flight finished, and after `graceMs` whatever is left is cut; resolves to how many connections
   * that were. May be called again with a shorter grace.
   */
  drain(graceMs: number): Promise<number>;
}

/** Serves Connect, gRPC, gRPC-Web, the probes and `fallback` on one port. Resolves when it listens. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const shutdown = options.shutdown ?? new AbortController();
  // Every call in flight listens; many are no leak.
  setMaxListeners(0, shutdown.signal);
  const health = new HealthBoard();
  const serve = requestHandler(options, limits, { shutdown, health });
  const listener: Listener = await openListener({
    host: options.host,
    port: options.port,
    tls: options.tls,
    limits,
    log: options.log,
    onRequest(req, res) {
      serve(req, res);
      // The connection is idle only once Node has finished with the exchange.
      const leave = () => {
        if (shutdown.signal.aborted) setImmediate(() => listener.goAway());
      };
      // An upload may end long after its answer.
      req.on('close', leave);
      res.on('close', () => {
        options.onExchange?.(req, res);
        leave();
      });
    },
  });
  const { drainReason = new ConnectError('draining', Code.Unavailable) } = options;
  return {
    url: urlOf(options, listener.address.port),
    health,
    connections: () => listener.connections(),
    drain: (graceMs) => drain({ listener, health, shutdown, drainReason }, graceMs),
  };
}

interface Parts {
  readonly shutdown: AbortController;
  readonly health: HealthBoard;
}

function requestHandler(options: ServerOptions, limits: Limits, parts: Parts): HttpHandler {
  const { log, newRequestId = randomUUID } = options;
  const { shutdown, health } = parts;
  const onFailure = failureHandler(log);
  const rpc = rpcHandler({
    routes: (router) => registerAll(router, options, health),
    interceptors: options.interceptors,
    jsonOptions: {
      ignoreUnknownFields: false,
      alwaysEmitImplicit: true,
      ...(options.registry && { registry: options.registry }),
    },
    shutdownSignal: shutdown.signal,
    limits,
    ...(options.contextValues && { contextValues: options.contextValues }),
    fallback: options.fallback ?? replyNotFound,
    cors: options.cors,
    onFailure,
  });
  const draining = () => shutdown.signal.aborted;
  const { readiness } = options;
  const probes = probeRoutes({ readiness, readinessMs: limits.readinessMs, draining, log });
  const plain = plainHandlers(new Map([...(options.plainRoutes ?? []), ...probes]), onFailure);
  return (req, res) => {
    // Without a listener an error on either half would end the process; 'close' follows and is handled.
    req.on('error', ignore);
    res.on('error', ignore);
    try {
      discardLeftover(req, res, limits);
      limitUpload(req, res, limits);
      setStandingHeaders(res, {
        [REQUEST_ID_HEADER]: assignRequestId(req, newRequestId),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      normalize(req);
      if (isTurnedAway(req, res, { limits, fallback: options.fallback })) return;
      const serve = plain.get(pathOf(req)) ?? rpc;
      serve(req, res);
    } catch (err) {
      onFailure(err, req, res);
    }
  };
}

/** Answers a request that is for no service, as far as its head alone tells; false if it may go on. */
function isTurnedAway(
  req: HttpRequest,
  res: HttpResponse,
  { limits, fallback }: { readonly limits: Limits; readonly fallback: HttpHandler | undefined },
): boolean {
  if (asksServer(req)) {
    replyAllowed(res, SERVED_METHODS);
    return true;
  }
  const refusal = refusalOf(req, limits);
  if (refusal === undefined) return false;
  const { status, message, allow } = refusal;
  if (status === 414 && fallback !== undefined) {
    fallback(req, res);
    return true;
  }
  if (allow !== undefined) res.setHeader('allow', allow);
  replyJson(res, status, { code: REFUSAL_CODES[status], message });
  return true;
}

function failureHandler(log: Log): OnFailure {
  return (err, req, res) => {
    log.error({ err, requestId: requestIdOf(req), path: pathOf(req) }, 'a request failed');
    if (res.headersSent) cutOff(req, H2_INTERNAL_ERROR);
    else replyJson(res, 500, { code: 'internal', message: 'internal error' });
  };
}

const H2_INTERNAL_ERROR = 2;

function ignore(): void {}

/** The given services, and health and reflection, which speak about them. */
function registerAll(router: ConnectRouter, options: ServerOptions, health: HealthBoard): void {
  options.routes(router);
  const services: DescService[] = [...new Set(router.handlers.map((handler) => handler.service))];
  health.add(services.map((service) => service.typeName));
  router.service(Health, health.service);
  if (options.reflection === undefined) return;
  reflectionRoutes([...services, Health], options.reflection.files)(router);
}

function urlOf({ host, tls }: ServerOptions, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`;
}

interface Drainable {
  readonly listener: Listener;
  readonly health: HealthBoard;
  readonly shutdown: AbortController;
  readonly drainReason: ConnectError;
}

async function drain(
  { listener, health, shutdown, drainReason }: Drainable,
  graceMs: number,
): Promise<number> {
  health.shutDown();
  // One turn for the watchers to hear of it before their streams end.
  await new Promise(setImmediate);
  listener.stopAccepting();
  shutdown.abort(drainReason);
  listener.goAway();
  let cut = 0;
  const timer = setTimeout(() => {
    cut = listener.cut();
  }, graceMs);
  await listener.closed;
  clearTimeout(timer);
  listener.cut();
  return cut;
}
