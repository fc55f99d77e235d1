import type { UniversalHandler } from '@connectrpc/connect/protocol';
import {
  type HttpRequest,
  type HttpResponse,
  pathOf,
  replyAllowed,
  replyJson,
  replyText,
} from './exchange.js';

/** Whether a request for a path without a procedure is a call all the same, by its content type or its service. */
export function isCall(req: HttpRequest, services: ReadonlySet<string>): boolean {
  if (RPC_TYPE.test(req.headers['content-type'] ?? '')) return true;
  const path = pathOf(req);
  return services.has(path.slice(1, path.lastIndexOf('/')));
}

/** Content types only RPC clients send; plain JSON may be meant for somebody else. */
const RPC_TYPE = /^application\/(?:grpc|connect\+|proto(?:;|$))/;
const GRPC_TYPE = /^application\/grpc/;

/** Tells, in the protocol of the call, that nobody implements the method. */
export function replyUnimplemented(req: HttpRequest, res: HttpResponse): void {
  const message = `there is no method ${pathOf(req)}`;
  const contentType = req.headers['content-type'] ?? '';
  if (!GRPC_TYPE.test(contentType)) {
    replyJson(res, 404, { code: 'unimplemented', message });
    return;
  }
  // A bare 404 reads as unimplemented, too, but not as why. Written as one: clients look for the status in a header that
  // is the end as well, or in trailers.
  res.setHeader('content-type', contentType);
  res.setHeader('grpc-status', GRPC_UNIMPLEMENTED);
  res.setHeader('grpc-message', encodeURI(message));
  res.end();
}

const GRPC_UNIMPLEMENTED = '12';

/** Answers a request with an HTTP method that the procedure does not take; false if it takes it. */
export function replyWrongMethod(
  { allowedMethods, method }: UniversalHandler,
  req: HttpRequest,
  res: HttpResponse,
): boolean {
  // Connect offers GET for streams without side effects, and then serves unary calls only.
  const allowed = allowedMethods.filter((name) => name !== 'GET' || method.methodKind === 'unary');
  if (allowed.includes(req.method ?? '')) return false;
  const allow = [...allowed, 'OPTIONS'].join(', ');
  if (req.method === 'OPTIONS') {
    replyAllowed(res, allow);
    return true;
  }
  res.setHeader('allow', allow);
  replyText(res, 405, `use ${allowed.join(' or ')}`);
  return true;
}

/** Tells in which form a procedure takes its message. */
export function replyUnsupported(
  { method }: UniversalHandler,
  req: HttpRequest,
  res: HttpResponse,
): void {
  if (req.method === 'GET') {
    replyText(res, 415, 'query: expected encoding=json or encoding=proto, and the message');
    return;
  }
  const connect = method.methodKind === 'unary' ? 'application/' : 'application/connect+';
  const types = [`${connect}json`, `${connect}proto`, 'application/grpc', 'application/grpc-web'];
  res.setHeader('accept-post', types.join(', '));
  replyText(res, 415, `content-type: expected one of ${types.join(', ')}`);
}

/** Tells a caller of Connect's unary protocol that its message is none; gRPC has INTERNAL for that. */
export function replyUnreadable({ method }: UniversalHandler, res: HttpResponse): void {
  const message = `the message cannot be read as ${method.input.typeName}`;
  replyJson(res, 400, { code: 'invalid_argument', message });
}
