import type { Message } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { transformInvokeImplementation } from '@connectrpc/connect/protocol';
import type { HttpBody } from '../../../gen/ts/google/api/httpbody_pb.js';
import { type CallEnd, endsUnary } from '../call-end.js';
import { bindRequest } from './bind-request.js';
import { callUnary, type InterceptedResponse } from './call-unary.js';
import { restError } from './errors.js';
import { readChunks } from './http/body.js';
import type { NodeRequest } from './http/node.js';
import { httpBody, uploadMessages } from './http-body.js';
import { type Given, withCondition } from './if-match.js';
import type { DecodedBody } from './representation.js';
import type { RestCall } from './rest-call.js';
import type { Route } from './route.js';
import { scanQuery } from './routing/path-scanner.js';

/** A routed call on its way into its implementation. */
export interface Invocation {
  readonly call: RestCall;
  readonly route: Route;
  readonly context: HandlerContext;
  readonly end: CallEnd;
  /** The path's raw segments, without the verb. */
  readonly segments: readonly string[];
  readonly queryParametersMax: number;
}

/**
 * Runs a unary method: same interceptors, same implementation as over RPC. Rejects at the deadline
 * even if the implementation does not heed its signal. May throw as well as reject.
 */
export function invokeUnary(invocation: Invocation): Promise<InterceptedResponse> {
  const decoded = decodeBody(invocation);
  return decoded instanceof Promise
    ? decoded.then((body) => invokeDecoded(invocation, body))
    : invokeDecoded(invocation, decoded);
}

function invokeDecoded(invocation: Invocation, body: DecodedBody): Promise<InterceptedResponse> {
  const { route, end } = invocation;
  const { rpc } = route;
  if (rpc.kind !== 'unary') {
    throw new Error(`${rpc.method.name} is not unary`);
  }
  const input = bindMessage(invocation, body);
  if (end.reason !== undefined) {
    throw end.reason;
  }
  return end.race(callUnary(rpc, invocation, input, route.interceptors), endsUnary);
}

/**
 * Starts a streaming method. The implementation runs as messages are asked for; whoever asks has
 * to return the iterator. A body that is streamed in is read from `req`, up to `uploadBytesMax`.
 */
export async function invokeStream(
  invocation: Invocation,
  req: NodeRequest,
  uploadBytesMax: number,
): Promise<AsyncIterator<Message>> {
  const { route, context } = invocation;
  const input = streamsBody(route)
    ? uploadMessages(route, bindUpload(invocation), readChunks(req, uploadBytesMax))
    : single(bindMessage(invocation, await decodeBody(invocation)));
  const transform = transformInvokeImplementation(route.rpc, context, [...route.interceptors]);
  return transform(input)[Symbol.asyncIterator]();
}

/** Whether a route reads its body while its method runs, instead of before. */
export function streamsBody({ rpc }: Route): boolean {
  return rpc.kind === 'client_streaming' || rpc.kind === 'bidi_streaming';
}

function decodeBody({ call, route }: Invocation): DecodedBody | Promise<DecodedBody> {
  const { body, header } = call.request;
  if (route.rawBody) {
    return { type: 'message', message: httpBody(header.get('content-type'), body) };
  }
  if (route.body.type !== 'none') {
    return route.representation.decodeBody(call);
  }
  if (body.byteLength > 0 && !route.representation.ignoresBody) {
    throw restError(400, 'body: this method takes none');
  }
  return { type: 'empty' };
}

function bindMessage(invocation: Invocation, body: DecodedBody): Message {
  const { route, segments, call, queryParametersMax } = invocation;
  const { header, rawQuery } = call.request;
  const query = resumed(route, header, scanQuery(rawQuery, queryParametersMax));
  const given = withCondition(route, header, { query, body });
  return bindRequest(route, { segments, ...given }, route.bindOptions);
}

/** The query of a call that goes on behind the last event that was seen, if it is one. */
function resumed({ resumeField }: Route, header: Headers, query: Given['query']): Given['query'] {
  const id = resumeField && header.get('last-event-id');
  if (!id) {
    return query;
  }
  const { name, jsonName } = resumeField;
  return [...query.filter(([other]) => other !== name && other !== jsonName), [name, id]];
}

/** Binds path and query before any byte of the upload is read, so that bad ones fail at once. */
function bindUpload(invocation: Invocation): { first: Message; body: HttpBody } {
  const contentType = invocation.call.request.header.get('content-type');
  const body = httpBody(contentType, new Uint8Array());
  return { first: bindMessage(invocation, { type: 'message', message: body }), body };
}

async function* single(message: Message): AsyncGenerator<Message, void, undefined> {
  yield message;
}
