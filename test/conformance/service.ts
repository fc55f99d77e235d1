import { setTimeout as delay } from 'node:timers/promises';
import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { type Any, anyPack } from '@bufbuild/protobuf/wkt';
import { ConnectError, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  type ConformancePayload_RequestInfo,
  ConformancePayload_RequestInfoSchema,
  type ConformanceService,
  type Error as ErrorDefinition,
  type Header,
  HeaderSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  type StreamResponseDefinition,
  UnaryRequestSchema,
  type UnaryResponseDefinition,
} from './gen/connectrpc/conformance/v1/service_pb.js';

/**
 * The service that the conformance runner calls: each request says what it wants to be answered, and
 * each answer says what was received. `Unimplemented` is left out: the runner wants it so.
 */
export const conformanceService: Partial<ServiceImpl<typeof ConformanceService>> = {
  unary: (req, ctx) => answer(ctx, req.responseDefinition, [anyPack(UnaryRequestSchema, req)]),
  idempotentUnary: (req, ctx) =>
    answer(ctx, req.responseDefinition, [anyPack(IdempotentUnaryRequestSchema, req)]),
  async clientStream(requests, ctx) {
    const received = await collect(requests);
    const packed = received.map((req) => anyPack(ClientStreamRequestSchema, req));
    return answer(ctx, received[0]?.responseDefinition, packed);
  },
  async *serverStream(req, ctx) {
    const received = [anyPack(ServerStreamRequestSchema, req)];
    yield* answers(ctx, req.responseDefinition, received);
  },
  async *bidiStream(requests, ctx) {
    const iterator = requests[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (first.done === true) return;
    const rest = { [Symbol.asyncIterator]: () => iterator };
    if (first.value.fullDuplex) {
      yield* conversation(ctx, first.value, rest);
      return;
    }
    const received = [first.value, ...(await collect(rest))];
    const packed = received.map((req) => anyPack(BidiStreamRequestSchema, req));
    yield* answers(ctx, first.value.responseDefinition, packed);
  },
};

async function answer(
  ctx: HandlerContext,
  definition: UnaryResponseDefinition | undefined,
  received: Any[],
) {
  announce(ctx, definition);
  await wait(ctx, definition);
  const requestInfo = infoOf(ctx, received);
  const { response } = definition ?? {};
  if (response?.case === 'error') throw failure(response.value, requestInfo);
  const data = response?.case === 'responseData' ? response.value : new Uint8Array();
  return { payload: { requestInfo, data } };
}

/** All answers after all requests: the first one says what was received. */
async function* answers(
  ctx: HandlerContext,
  definition: StreamResponseDefinition | undefined,
  received: Any[],
) {
  announce(ctx, definition);
  const requestInfo = infoOf(ctx, received);
  for (const [index, data] of (definition?.responseData ?? []).entries()) {
    await wait(ctx, definition);
    yield { payload: index === 0 ? { data, requestInfo } : { data } };
  }
  end(definition, requestInfo);
}

/** One answer for each request while there are answers; each says what came since the one before. */
async function* conversation(
  ctx: HandlerContext,
  first: BidiStreamRequest,
  rest: AsyncIterable<BidiStreamRequest>,
) {
  const definition = first.responseDefinition;
  announce(ctx, definition);
  const data = [...(definition?.responseData ?? [])];
  const info = infoOf(ctx, [anyPack(BidiStreamRequestSchema, first)]);
  let next = data.shift();
  if (next !== undefined) {
    await wait(ctx, definition);
    yield { payload: { data: next, requestInfo: info } };
    for await (const req of rest) {
      next = data.shift();
      if (next === undefined) break;
      await wait(ctx, definition);
      const requests = [anyPack(BidiStreamRequestSchema, req)];
      yield { payload: { data: next, requestInfo: { requests } } };
    }
    for (const left of data) {
      await wait(ctx, definition);
      yield { payload: { data: left } };
    }
  }
  end(definition, info);
}

function announce(
  ctx: HandlerContext,
  definition: UnaryResponseDefinition | StreamResponseDefinition | undefined,
): void {
  append(ctx.responseHeader, definition?.responseHeaders ?? []);
  append(ctx.responseTrailer, definition?.responseTrailers ?? []);
}

function append(target: Headers, headers: readonly Header[]): void {
  for (const { name, value } of headers) for (const one of value) target.append(name, one);
}

async function wait(
  ctx: HandlerContext,
  definition: { readonly responseDelayMs: number } | undefined,
): Promise<void> {
  const ms = definition?.responseDelayMs ?? 0;
  if (ms > 0) await delay(ms, undefined, { signal: ctx.signal });
}

/** Throws the error that a stream is to end with; one that comes instead of answers says what was received. */
function end(
  definition: StreamResponseDefinition | undefined,
  info: ConformancePayload_RequestInfo,
): void {
  if (definition?.error === undefined) return;
  throw failure(definition.error, definition.responseData.length === 0 ? info : undefined);
}

function failure(
  definition: ErrorDefinition,
  info: ConformancePayload_RequestInfo | undefined,
): ConnectError {
  // The two enumerations of codes have the same numbers.
  const error = new ConnectError(definition.message ?? '', Number(definition.code));
  for (const { typeUrl, value } of definition.details) {
    error.details.push({ type: typeUrl.slice(typeUrl.lastIndexOf('/') + 1), value });
  }
  if (info) error.details.push({ desc: ConformancePayload_RequestInfoSchema, value: info });
  return error;
}

function infoOf(ctx: HandlerContext, requests: Any[]): ConformancePayload_RequestInfo {
  const timeoutMs = ctx.timeoutMs();
  return create(ConformancePayload_RequestInfoSchema, {
    requestHeaders: pairs(ctx.requestHeader),
    requests,
    ...(timeoutMs !== undefined && { timeoutMs: BigInt(Math.round(timeoutMs)) }),
    ...(ctx.requestMethod === 'GET' && {
      connectGetInfo: { queryParams: pairs(new URL(ctx.url).searchParams) },
    }),
  });
}

function pairs(source: Iterable<[string, string]>): Header[] {
  return [...source].map(([name, value]) => create(HeaderSchema, { name, value: [value] }));
}

async function collect<T extends MessageShape<DescMessage>>(
  source: AsyncIterable<T>,
): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
