import type { JsonReadOptions, JsonWriteOptions } from '@bufbuild/protobuf';
import {
  type ConnectRouter,
  type ContextValues,
  createConnectRouter,
  createContextKey,
  createContextValues,
  type Interceptor,
} from '@connectrpc/connect';
import type { UniversalHandler } from '@connectrpc/connect/protocol';
import { universalRequestFromNodeRequest } from '@connectrpc/connect-node';
import type { CorsOptions } from '../cors.js';
import { COMPRESSIONS } from './compression.js';
import { shareAcrossOrigins } from './cross-origin.js';
import { type HttpHandler, type HttpRequest, type HttpResponse, pathOf } from './exchange.js';
import type { Limits } from './limits.js';
import { requestBody } from './request-body.js';
import { requestIdKey, requestIdOf } from './request-id.js';
import { type Exchange, write, writeAnswer } from './response-writer.js';
import { frameSinkKey, sharedFrames } from './shared-frames.js';
import { capTimeout } from './timeout-header.js';
import { fromWebText, isWebText, toWebText, webText } from './web-text.js';
import {
  isCall,
  replyUnimplemented,
  replyUnreadable,
  replyUnsupported,
  replyWrongMethod,
} from './wrong-call.js';

/** How the services of a router are served over HTTP. */
export interface RpcOptions {
  readonly routes: (router: ConnectRouter) => void;
  readonly interceptors: readonly Interceptor[];
  readonly jsonOptions: Partial<JsonReadOptions & JsonWriteOptions>;
  readonly shutdownSignal: AbortSignal;
  readonly limits: Limits;
  /** The context of one request, a fresh one each time: the request id is put into it. */
  readonly contextValues?: (req: HttpRequest) => ContextValues;
  /** Serves every path that is no procedure, unless the request is a call beyond doubt. */
  readonly fallback: HttpHandler;
  /** Which other origins browsers may call from; undefined: none. */
  readonly cors: CorsOptions | undefined;
  /** Told of exchanges that broke although the handler was shielded. */
  readonly onFailure: (err: unknown, req: HttpRequest, res: HttpResponse) => void;
}

/**
 * Serves Connect, gRPC and gRPC-Web. It takes the place of connect-node's own adapter, whose writer
 * never notices a reader that hangs up under back-pressure and whose reader breaks the connection
 * when a call is answered before its upload ended.
 */
export function rpcHandler(options: RpcOptions): HttpHandler {
  const { limits, fallback, cors, onFailure } = options;
  const procedures = proceduresOf(options);
  const services = new Set([...procedures.values()].map(({ service }) => service.typeName));
  return (req, res) => {
    const procedure = procedures.get(pathOf(req));
    if (procedure === undefined) {
      if (!isCall(req, services)) fallback(req, res);
      else if (!shareAcrossOrigins(cors, ['POST'], { req, res })) replyUnimplemented(req, res);
      return;
    }
    if (shareAcrossOrigins(cors, procedure.allowedMethods, { req, res })) return;
    if (replyWrongMethod(procedure, req, res)) return;
    const values = options.contextValues?.(req) ?? createContextValues();
    values.set(requestIdKey, requestIdOf(req));
    const request = universalRequestFromNodeRequest(req, res, undefined, values);
    capTimeout(request.header, limits.maxTimeoutMs);
    const body = requestBody(req);
    const to: Exchange = { req, res, body, limits };
    const isText = isWebText(request);
    values.set(frameSinkKey, (frame) => write(to, isText ? webText(frame) : frame));
    procedure(isText ? fromWebText(request, body) : { ...request, body })
      .then((answer) => {
        if (answer.status === 415) return replyUnsupported(procedure, req, res);
        if (answer.status === 500 && !values.get(wasReadKey))
          return replyUnreadable(procedure, res);
        return writeAnswer(isText ? toWebText(answer) : answer, to);
      })
      .catch((err: unknown) => onFailure(err, req, res))
      .finally(() => body.close());
  };
}

/** Whether the message of a call was read: what fails before that is the caller's fault, which Connect takes for its own. */
const wasReadKey = createContextKey(false, { description: 'the message was read' });

const markRead: Interceptor = (next) => (req) => {
  req.contextValues.set(wasReadKey, true);
  return next(req);
};

function proceduresOf(options: RpcOptions): ReadonlyMap<string, UniversalHandler> {
  const { limits } = options;
  // All options are given here: those of a single service would replace the interceptors.
  const router = createConnectRouter({
    interceptors: [markRead, ...options.interceptors, sharedFrames(options)],
    jsonOptions: options.jsonOptions,
    shutdownSignal: options.shutdownSignal,
    acceptCompression: [...COMPRESSIONS],
    compressMinBytes: limits.compressMinBytes,
    readMaxBytes: limits.readMaxBytes,
    writeMaxBytes: limits.writeMaxBytes,
    maxTimeoutMs: limits.maxTimeoutMs,
  });
  options.routes(router);
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}
