import type { Message } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextValues,
  type HandlerContext,
} from '@connectrpc/connect';
import { CallEnd, callEndKey, ownEnd, withSignal } from '../call-end.js';
import { corsHeaders, isForeign, preflightHeaders } from '../cors.js';
import { takeMessage } from './call-unary.js';
import { restError } from './errors.js';
import { readBody } from './http/body.js';
import { timeoutMsOf } from './http/deadline.js';
import {
  fieldsOf,
  hasBody,
  type NodeRequest,
  type NodeResponse,
  requestHeader,
  requestOrigin,
  requestUrl,
} from './http/node.js';
import { discardBody, type Exchange, sendWhole } from './http/reply.js';
import { conditionalError } from './if-match.js';
import { type Invocation, invokeStream, invokeUnary, streamsBody } from './invoke.js';
import type { CompleteRepresentation } from './representation.js';
import { type Responder, respond, respondError, respondStream } from './respond.js';
import { type RestCall, type RestRequest, restCallKey } from './rest-call.js';
import type { RestSettings } from './rest-handler.js';
import type { Route } from './route.js';
import { type ScannedTarget, scanTarget } from './routing/path-scanner.js';

/**
 * Answers one request, from its target to the last byte of its response; answers undefined if somebody else does. May
 * throw as well as reject. Here and further in, a promise is made only where there is something to wait for: each that
 * a call goes through costs as much as finding its route.
 */
export function serve(
  settings: RestSettings,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> | undefined {
  // A response whose caller vanished reports it here; the close that follows is what counts.
  if (res.listenerCount('error') === 0) {
    res.on('error', () => undefined);
  }
  const header = requestHeader(req);
  const shared = corsHeaders(settings.cors, header);
  const exchange: Exchange = { req, res, header, shared };
  let routed: Routed;
  try {
    routed = findRoute(settings, exchange);
  } catch (reason) {
    return refuse(settings, exchange, reason);
  }
  switch (routed.type) {
    case 'found':
      return serveRoute(settings, exchange, routed);
    case 'options':
      return answerOptions(settings, exchange, routed.allowed);
    case 'elsewhere':
      settings.next?.(req, res);
      return undefined;
  }
}

interface Found {
  readonly type: 'found';
  readonly route: Route;
  readonly segments: readonly string[];
  readonly target: ScannedTarget;
  readonly url: string;
}

type Routed =
  | Found
  | { readonly type: 'options'; readonly allowed: readonly string[] }
  | { readonly type: 'elsewhere' };

function findRoute(settings: RestSettings, { req }: Exchange): Routed {
  const target = scannedTarget(settings, req);
  const url = requestUrl(req);
  const asked = req.method === 'OPTIONS' && req.headers['access-control-request-method'];
  if (typeof asked === 'string' && settings.cors !== undefined) {
    const match = settings.table.match(asked, target);
    if (match.type !== 'none') {
      return { type: 'options', allowed: match.type === 'found' ? [asked] : match.allowed };
    }
  }
  const match = settings.table.match(req.method ?? '', target);
  if (match.type === 'found') {
    checkEmptySegments(target, match.route.representation.allowsEmptySegments);
    const { route, segments } = match;
    return { type: 'found', route, segments, target, url };
  }
  if (match.type === 'wrong-method') {
    return wrongMethod(req, match.allowed);
  }
  return unknownPath(settings, target);
}

function scannedTarget({ limits }: RestSettings, req: NodeRequest): ScannedTarget {
  const target = req.url ?? '';
  if (target.length > limits.targetBytesMax) {
    throw restError(414, `request target: is longer than ${limits.targetBytesMax} bytes`);
  }
  return scanTarget(target);
}

function wrongMethod(req: NodeRequest, allowed: readonly string[]): Routed {
  if (req.method === 'OPTIONS') {
    return { type: 'options', allowed };
  }
  const headers = { allow: allowed.join(', ') };
  throw restError(405, `method: this path allows ${headers.allow}`, { headers });
}

function unknownPath(settings: RestSettings, target: ScannedTarget): Routed {
  // A trailing slash only names another path; other empty segments are what parsers disagree on.
  const isTrailing = target.emptySegmentAt === target.segments.length - 1;
  checkEmptySegments(target, isTrailing);
  if (settings.next === undefined) {
    throw restError(404, 'path: there is no such route');
  }
  return { type: 'elsewhere' };
}

function checkEmptySegments(target: ScannedTarget, areAllowed: boolean): void {
  if (target.emptySegmentAt >= 0 && !areAllowed) {
    throw restError(400, 'path: contains an empty segment');
  }
}

async function serveRoute(settings: RestSettings, exchange: Exchange, found: Found): Promise<void> {
  const { route, segments } = found;
  let timeoutMs: number | undefined;
  try {
    timeoutMs = admit(settings, exchange, found);
  } catch (reason) {
    await refuse(settings, exchange, reason, route.representation);
    return;
  }
  const end = beginCall(settings, exchange.res, timeoutMs);
  const values = settings.contextValues?.(exchange.req) ?? createContextValues();
  const context = createContext(exchange, found, { end, values });
  const request = requestFacts(exchange, found.target);
  const { responseHeader } = context;
  const call: RestCall = { request, route, values, responseHeader, status: undefined };
  values.set(restCallKey, call).set(callEndKey, end);
  const responder = responderOf(settings, { exchange, call, representation: route.representation });
  const { queryParametersMax } = settings.limits;
  try {
    if (!streamsBody(route) && hasBody(exchange.req)) {
      const { bodyBytesMax } = route.representation;
      const buffered = await end.race(readBody(exchange.req, bodyBytesMax));
      request.wireBody = buffered.wireBody;
      request.body = buffered.body;
    }
    const known = route.representation.authenticate(call);
    if (known instanceof Promise) {
      await known;
    }
    const invocation = { call, route, context, end, segments, queryParametersMax };
    if (route.rpc.kind !== 'unary') {
      await runStream(responder, invocation);
    } else {
      const response = await invokeUnary(invocation);
      const sent = respond(responder, takeMessage(context, response));
      if (sent instanceof Promise) {
        await sent;
      }
    }
  } catch (reason) {
    await respondError(responder, conditionalError(exchange.header, reasonOf(reason, end)));
  } finally {
    settings.calls.remove(end);
    end.end(callEnded);
  }
}

/** Ends the call when its caller leaves, its time is up, or the server shuts down. */
function beginCall(
  { calls, shutdownSignal }: RestSettings,
  res: NodeResponse,
  timeoutMs: number | undefined,
): CallEnd {
  const end = new CallEnd();
  // It needs no cleaning up: the listener goes with the response.
  res.on('close', () => {
    if (!res.writableEnded) {
      end.end(new ConnectError('the caller went away', Code.Canceled));
    }
  });
  if (timeoutMs !== undefined) {
    end.startClock(timeoutMs);
  }
  if (shutdownSignal?.aborted === true) {
    end.end(ConnectError.from(shutdownSignal.reason));
  }
  calls.add(end);
  return end;
}

/** Checks what the headers alone decide; returns the time granted to the call. */
function admit(
  { cors, limits }: RestSettings,
  { req }: Exchange,
  { route, url }: Found,
): number | undefined {
  const header = fieldsOf(req);
  if (!route.safe && isForeign(cors, header, url)) {
    throw restError(403, 'origin: is not allowed to make this call');
  }
  return timeoutMsOf(header, limits.timeoutMsMax);
}

async function runStream(responder: Responder, invocation: Invocation): Promise<void> {
  const { exchange, limits } = responder;
  const { route, end } = invocation;
  const messages = await invokeStream(invocation, exchange.req, limits.uploadBytesMax);
  if (route.rpc.kind === 'client_streaming') {
    await respond(responder, await only(messages, end));
  } else {
    await respondStream(responder, messages, end);
  }
  discardBody(exchange.req, limits);
}

/** The one message with which a method answers a stream. */
async function only(messages: AsyncIterator<Message>, end: CallEnd): Promise<Message> {
  const first = await end.race(messages.next());
  if (first.done === true) {
    throw new Error('the method ended without a response');
  }
  // Only a stream that was read to its end has gone through its interceptors completely.
  await end.race(messages.next());
  return first.value;
}

/** Answers a request that reaches no method, in the manner of its neighbourhood. */
async function refuse(
  settings: RestSettings,
  exchange: Exchange,
  reason: unknown,
  representation = representationNear(settings, exchange.req),
): Promise<void> {
  const target = exchange.req.url ?? '';
  const queryAt = target.indexOf('?');
  const rawPath = queryAt < 0 ? target : target.slice(0, queryAt);
  const rawQuery = queryAt < 0 ? undefined : target.slice(queryAt + 1);
  const call: RestCall = {
    request: requestFacts(exchange, { rawPath, rawQuery }),
    route: undefined,
    values: createContextValues(),
    responseHeader: new Headers(),
    status: undefined,
  };
  await respondError(responderOf(settings, { exchange, call, representation }), reason);
}

/** The representation that all routes near a path share; JSON if they differ. */
function representationNear(settings: RestSettings, req: NodeRequest): CompleteRepresentation {
  const [rawPath = ''] = (req.url ?? '').split('?', 1);
  const near = new Set(settings.table.near(rawPath).map((route) => route.representation));
  const [only] = near;
  return only !== undefined && near.size === 1 ? only : settings.json;
}

async function answerOptions(
  settings: RestSettings,
  exchange: Exchange,
  allowed: readonly string[],
): Promise<void> {
  const headers = [
    { allow: allowed.join(', ') },
    preflightHeaders(settings.cors, exchange.header, allowed),
  ];
  const bare = { ...exchange, shared: {} };
  await sendWhole(bare, { status: 204, headers, body: '' }, settings.limits.compressBytesMin);
  discardBody(exchange.req, settings.limits);
}

function createContext(
  { req, header }: Exchange,
  { route, url }: Found,
  { end, values }: { end: CallEnd; values: ContextValues },
): HandlerContext {
  const { method } = route;
  return withSignal({
    [ownEnd]: end,
    service: method.parent,
    method,
    protocolName: 'rest',
    requestMethod: req.method ?? '',
    url,
    values,
    requestHeader: header,
    responseHeader: new Headers(),
    responseTrailer: new Headers(),
    timeoutMs: end.timeoutMs,
  });
}

function responderOf(
  { limits, onFault }: RestSettings,
  { exchange, call, representation }: Pick<Responder, 'exchange' | 'call' | 'representation'>,
): Responder {
  return { exchange, call, representation, limits, onFault };
}

/** The body's bytes are filled in once they were read. */
type WritableRequest = { -readonly [Name in keyof RestRequest]: RestRequest[Name] };

function requestFacts(
  { req, header }: Exchange,
  { rawPath, rawQuery }: Pick<RestRequest, 'rawPath' | 'rawQuery'>,
): WritableRequest {
  const method = req.method ?? '';
  const target = req.url ?? '';
  const origin = requestOrigin(req);
  const body = noBytes;
  return { method, origin, target, rawPath, rawQuery, header, wireBody: body, body };
}

/** A deadline or a shutdown is the better explanation of whatever it made an implementation throw. */
function reasonOf(reason: unknown, end: CallEnd): unknown {
  return reason instanceof ConnectError ? reason : (end.reason ?? reason);
}

const noBytes = new Uint8Array();

/** One reason for all calls: an error of its own for each would be costly. */
const callEnded = new ConnectError('the call has ended', Code.Canceled);
