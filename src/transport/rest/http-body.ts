import { create, type Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { type HttpBody, HttpBodySchema } from '../../../gen/ts/google/api/httpbody_pb.js';
import type { Binding } from './routing/http-rule.js';

/** Makes the `google.api.HttpBody` of some bytes and their `Content-Type`. */
export function httpBody(contentType: string | null, data: Uint8Array): HttpBody {
  return create(HttpBodySchema, { contentType: contentType ?? '', data });
}

/** The `google.api.HttpBody` in a response, or undefined if its field is not set. */
export function httpBodyOf(binding: Binding, message: Message): HttpBody | undefined {
  const { responseField, method } = binding;
  if (responseField === undefined) {
    return isHttpBody(message) ? message : undefined;
  }
  const value: unknown = reflect(method.output, message).get(responseField);
  const inner = isReflected(value) ? value.message : undefined;
  return inner !== undefined && isHttpBody(inner) ? inner : undefined;
}

/**
 * Turns an uploaded body into request messages: `first`, which holds the path and query fields and
 * `body`, gets the first chunk (none if the body is empty); each further one is only a chunk.
 */
export async function* uploadMessages(
  binding: Binding,
  { first, body }: { readonly first: Message; readonly body: HttpBody },
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Message, void, undefined> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) {
      body.data = chunk;
    }
    yield isFirst ? first : chunkMessage(binding, chunk);
    isFirst = false;
  }
  if (isFirst) {
    yield first;
  }
}

function chunkMessage(binding: Binding, chunk: Uint8Array): Message {
  const body = httpBody(null, chunk);
  if (binding.body.type !== 'field') {
    return body;
  }
  const { input } = binding.method;
  const message = create(input);
  reflect(input, message).set(binding.body.field, reflect(HttpBodySchema, body));
  return message;
}

function isHttpBody(message: Message): message is HttpBody {
  return message.$typeName === HttpBodySchema.typeName;
}

function isReflected(value: unknown): value is { message: Message } {
  return typeof value === 'object' && value !== null && 'message' in value;
}
