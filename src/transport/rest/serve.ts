import type { Message } from '@bufbuild/protobuf';
import { Code, ConnectError, createContextValues, createHandlerContext } from '@connectrpc/connect';
import { corsHeaders, isForeign, preflightHeaders } from '../cors.js';
import { restError } from './errors.js';
import { readBody } from './http/body.js';
import { timeoutMsOf, untilAborted } from './http/deadline.js';
import {
  disconnectSignal,
  hasBody,
  type NodeRequest,
  type NodeResponse,
  requestHeader,
  requestOrigin,
  requestUrl,
} from './http/node.js';
import { discardBody, type Exchange, sendWhole } from './http/reply.js';
import { type Invocation, invokeStream, invokeUnary, streamsBody } from './invoke.js';
import type { CompleteRepresentation } from './representation.js';
import { type Responder, respond, respondError, respondStream } from './respond.js';
import { type RestCall, type RestRequest, restCallKey } from './rest-call.js';
import type { RestSettings } from './rest-handler.js';
import type { Route } from './route.js';
import { type ScannedTarget, scanTarget } from './routing/path-scanner.js';

/** Answers one request, from its target to the last byte of its response. */
export async function serve(
  settings: RestSettings,
  req: NodeRequest,
  res: NodeResponse,
): Promise<void> {
  // A response whose caller vanished reports it here; the close that follows is what counts.
  res.on('error', () => undefined);
  const header = requestHeader(req);
  const shared = corsHeaders(settings.cors, header);
  const exchange: Exchange = { req, res, header, shared, gone: disconnectSignal(res) };
  let routed: Routed;
  try {
    routed = findRoute(settings, exchange);
  } catch (reason) {
    await refuse(settings, exchange, reason);
    return;
  }
  switch (routed.type) {
    case 'found':
      await serveRoute(settings, exchange, routed);
      return;
    case 'options':
      await answerOptions(settings, exchange, routed.allowed);
      return;
    case 'elsewhere':
      settings.next?.(req, res);
      return;
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

function findRoute(settings: RestSettings, { req, header }: Exchange): Routed {
  const target = scannedTarget(settings, req);
  const url = requestUrl(req);
  const asked = header.get('access-control-request-method');
  if (req.method === 'OPTIONS' && asked !== null && settings.cors !== undefined) {
    const match = settings.table.match(asked, target);
    if (match.type !== 'none') {
      return { type: 'options', allowed: match.type === 'found' ? [asked] : match.allowed };
    }
  }
  const match = settings.table.match(req.method ?? '', target);
  if (match.type === 'found') {
    checkEmptySegments(target, match.route.representation.allowsEmptySegments);
    return { ...match, target, url };
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
  const request = requestFacts(exchange, found.target);
  const context = createContext(settings, exchange, { found, timeoutMs });
  const { values, responseHeader, signal } = context;
  const call: RestCall = { request, route, values, responseHeader, status: undefined };
  values.set(restCallKey, call);
  const responder = responderOf(settings, { exchange, call, representation: route.representation });
  const { queryParametersMax } = settings.limits;
  try {
    await prepare(responder, request, { route, signal });
    await run(responder, { call, route, context, segments, queryParametersMax });
  } catch (reason) {
    await respondError(responder, reasonOf(reason, signal));
  } finally {
    context.abort(callEnded);
  }
}

/** Checks what the headers alone decide; returns the time granted to the call. */
function admit(
  { cors, limits }: RestSettings,
  { header }: Exchange,
  { route, url }: Found,
): number | undefined {
  if (!route.safe && isForeign(cors, header, url)) {
    throw restError(403, 'origin: is not allowed to make this call');
  }
  return timeoutMsOf(header, limits.timeoutMsMax);
}

/** Reads the body, unless it is streamed, and lets the representation see who calls. */
async function prepare(
  { exchange, call }: Responder,
  request: WritableRequest,
  { route, signal }: { route: Route; signal: AbortSignal },
): Promise<void> {
  const { representation } = route;
  if (!streamsBody(route) && hasBody(exchange.req)) {
    const buffered = readBody(exchange.req, representation.bodyBytesMax);
    Object.assign(request, await untilAborted(buffered, signal));
  }
  await representation.authenticate(call);
}

async function run(responder: Responder, invocation: Invocation): Promise<void> {
  const { exchange, limits } = responder;
  const { route, context } = invocation;
  if (route.rpc.kind === 'unary') {
    await respond(responder, await invokeUnary(invocation));
    return;
  }
  const messages = await invokeStream(invocation, exchange.req, limits.uploadBytesMax);
  if (route.rpc.kind === 'client_streaming') {
    await respond(responder, await only(messages, context.signal));
  } else {
    await respondStream(responder, messages, context.signal);
  }
  discardBody(exchange.req, limits);
}

/** The one message with which a method answers a stream. */
async function only(messages: AsyncIterator<Message>, signal: AbortSignal): Promise<Message> {
  const first = await untilAborted(messages.next(), signal);
  if (first.done === true) {
    throw new Error('the method ended without a response');
  }
  // Only a stream that was read to its end has gone through its interceptors completely.
  await untilAborted(messages.next(), signal);
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
  settings: RestSettings,
  { req, header, gone }: Exchange,
  { found, timeoutMs }: { found: Found; timeoutMs: number | undefined },
) {
  const { method } = found.route;
  const { shutdownSignal, contextValues } = settings;
  return createHandlerContext({
    service: method.parent,
    method,
    protocolName: 'rest',
    requestMethod: req.method ?? '',
    url: found.url,
    requestHeader: header,
    requestSignal: gone,
    contextValues: contextValues?.(req) ?? createContextValues(),
    ...(shutdownSignal !== undefined && { shutdownSignal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
}

function responderOf(
  { limits, onFault }: RestSettings,
  parts: Pick<Responder, 'exchange' | 'call' | 'representation'>,
): Responder {
  return { ...parts, limits, onFault };
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
  const empty = { wireBody: noBytes, body: noBytes };
  return { method, origin, target, rawPath, rawQuery, header, ...empty };
}

/** A deadline or a shutdown is the better explanation of whatever it made an implementation throw. */
function reasonOf(reason: unknown, signal: AbortSignal): unknown {
  const isAborted = signal.aborted && signal.reason instanceof ConnectError;
  return isAborted && !(reason instanceof ConnectError) ? signal.reason : reason;
}

const noBytes = new Uint8Array();

/** One reason for all calls: without one, each abort would make a costly DOMException. */
const callEnded = new ConnectError('the call has ended', Code.Canceled);
