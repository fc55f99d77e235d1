import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';

/**
 * gRPC-Web as text, for browsers that can read the answer of a stream only as such: the bytes of either direction are in
 * Base64, of which each piece may be padded. Connect knows the binary form alone; this is around it.
 */
const TEXT_TYPE = /^application\/grpc-web-text(?=$|[+;])/i;

/** Whether a request has this form, by its content type. */
export function isWebText({ header }: UniversalServerRequest): boolean {
  return TEXT_TYPE.test(header.get('content-type') ?? '');
}

/** The request in the binary form. Reading its body fails with INVALID_ARGUMENT where it is no Base64. */
export function fromWebText(
  request: UniversalServerRequest,
  body: AsyncIterable<Uint8Array>,
): UniversalServerRequest {
  const header = new Headers(request.header);
  const type = header.get('content-type') ?? '';
  header.set('content-type', type.replace(TEXT_TYPE, 'application/grpc-web'));
  return { ...request, header, body: decoded(body) };
}

/** The answer in this form. */
export function toWebText(answer: UniversalServerResponse): UniversalServerResponse {
  const header = new Headers(answer.header);
  const type = header.get('content-type') ?? '';
  header.set('content-type', type.replace(/^application\/grpc-web\b/, 'application/grpc-web-text'));
  return { ...answer, header, ...(answer.body && { body: encoded(answer.body) }) };
}

/** One piece of an answer as text. */
export function webText(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(Buffer.from(buffer, byteOffset, byteLength).toString('base64'), 'latin1');
}

async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of body) {
    const text = rest + Buffer.from(chunk).toString('latin1');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    yield groups(text.slice(0, whole));
  }
  if (rest !== '') throw notBase64();
}

function groups(text: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)*$/.test(text)) throw notBase64();
  // Node stops at the first padding.
  const pieces = text.match(/[^=]+={0,2}/g) ?? [];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece, 'base64')));
}

function notBase64(): ConnectError {
  return new ConnectError('the body is not valid Base64', Code.InvalidArgument);
}

/** Hands on to the source that its reader has gone, as a generator would not while it waits. */
function encoded(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const source = body[Symbol.asyncIterator]();
      const done = { done: true, value: undefined } as const;
      return {
        async next() {
          const { done: isDone, value } = await source.next();
          return isDone ? done : { done: false, value: webText(value) };
        },
        throw: async (reason) => (await source.throw?.(reason)) ?? done,
        return: async () => (await source.return?.()) ?? done,
      };
    },
  };
}
