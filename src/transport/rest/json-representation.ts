import { type JsonValue, type Message, type Registry, toJson } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { mediaType, negotiate } from '../accept.js';
import { errorHeaders, errorToJson, httpStatusOf, problemToJson, restError } from './errors.js';
import type { HeaderFields } from './http/header-fields.js';
import { parseJsonBody } from './http/json-text.js';
import { httpBodyOf } from './http-body.js';
import type { CompleteRepresentation, DecodedBody, RestReply } from './representation.js';
import type { RestCall } from './rest-call.js';
import type { Binding } from './routing/http-rule.js';
import { eventStream, newlineDelimited, rawStream } from './stream-framing.js';

/** What the JSON representation can be told. */
export interface JsonRepresentationOptions {
  /** For `google.protobuf.Any`, extensions and error details. */
  readonly registry: Registry;
  readonly bodyBytesMax: number;
  readonly jsonDepthMax: number;
  /** Dotted path of the response field that is the `id:` of a server-sent event. */
  readonly eventIdField: string | undefined;
}

/**
 * How every API looks that says nothing else: ProtoJSON in and out, `google.api.HttpBody` as its
 * bytes, streams as newline-delimited JSON or server-sent events, and errors in the shape of
 * AIP-193 or, if `Accept` asks for it, of RFC 9457.
 */
export function createJsonRepresentation(
  options: JsonRepresentationOptions,
): CompleteRepresentation {
  const { registry } = options;
  const write = (binding: Binding, message: Message) => bodyToJson(binding, message, registry);
  const texts = new SharedTexts(write);
  return {
    bodyBytesMax: options.bodyBytesMax,
    ownQuery: [],
    ignoresBody: false,
    allowsEmptySegments: false,
    authenticate() {},
    decodeBody: (call) => decodeJson(call, options.jsonDepthMax),
    encode(call, message) {
      const binding = bindingOf(call);
      const status = call.status ?? 200;
      return binding.rawResponse
        ? rawReply(binding, message, status)
        : jsonReply(status, write(binding, message));
    },
    encodeError: (call, error) => errorReply(call, error, registry),
    stream(call) {
      const binding = bindingOf(call);
      if (binding.rawResponse) {
        return rawStream(binding);
      }
      const asJson = {
        message: (message: Message) => texts.of(binding, message),
        error: (error: ConnectError) => errorToJson(error, registry),
      };
      const accept = call.request.header.get('accept');
      return negotiate(accept, streamTypes) === 'text/event-stream'
        ? eventStream(binding.method.output, asJson, options.eventIdField)
        : newlineDelimited(asJson);
    },
  };
}

/**
 * The JSON of messages of streams, written once for all streams of a binding that send the same one: a message must not
 * change after it was yielded. A text is kept as long as its message lives.
 */
class SharedTexts {
  readonly #byBinding = new WeakMap<Binding, WeakMap<Message, string>>();
  readonly #write: (binding: Binding, message: Message) => JsonValue;

  constructor(write: (binding: Binding, message: Message) => JsonValue) {
    this.#write = write;
  }

  of(binding: Binding, message: Message): string {
    const texts = this.#byBinding.get(binding) ?? new WeakMap<Message, string>();
    this.#byBinding.set(binding, texts);
    const text = texts.get(message) ?? JSON.stringify(this.#write(binding, message));
    texts.set(message, text);
    return text;
  }
}

/** A reply with a JSON body; `headers` may name a more special type of JSON. */
export function jsonReply(status: number, json: JsonValue, headers?: HeaderFields): RestReply {
  const body = JSON.stringify(json);
  if (headers === undefined) {
    return { status, headers: jsonHeaders, body };
  }
  const all = new Headers(headers);
  if (!all.has('content-type')) {
    all.set('content-type', 'application/json');
  }
  return { status, headers: all, body };
}

/**
 * Writes a response, or the field of it that the rule names, as ProtoJSON: lowerCamelCase names,
 * implicit defaults written out. A named field that is not set is null.
 */
export function bodyToJson(binding: Binding, message: Message, registry: Registry): JsonValue {
  const { responseField, method } = binding;
  const json = toJson(method.output, message, { alwaysEmitImplicit: true, registry });
  if (responseField === undefined) {
    return json;
  }
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return (isObject ? json[responseField.jsonName] : undefined) ?? null;
}

const jsonHeaders = { 'content-type': 'application/json' };
const streamTypes = ['application/x-ndjson', 'application/json', 'text/event-stream'];
const errorTypes = ['application/json', 'application/problem+json'];
const jsonType = /^application\/(?:[a-z0-9.+-]+\+)?json$/;

function decodeJson(call: RestCall, depthMax: number): DecodedBody {
  const { body, header } = call.request;
  if (body.byteLength === 0) {
    return { type: 'empty' };
  }
  const contentType = header.get('content-type') ?? 'application/json';
  if (contentType === 'application/json') {
    return { type: 'json', value: parseJsonBody(body, depthMax) };
  }
  const charset = /;\s*charset="?([^";\s]*)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!jsonType.test(mediaType(contentType)) || !['utf-8', 'utf8', 'us-ascii'].includes(charset)) {
    const headers = { 'accept-post': 'application/json' };
    throw restError(415, 'content-type: expected application/json in UTF-8', { headers });
  }
  return { type: 'json', value: parseJsonBody(body, depthMax) };
}

function rawReply(binding: Binding, message: Message, status: number): RestReply {
  const body = httpBodyOf(binding, message);
  const contentType = body?.contentType || 'application/octet-stream';
  return {
    status,
    headers: { 'content-type': contentType },
    body: body?.data ?? new Uint8Array(),
  };
}

function errorReply(call: RestCall, error: ConnectError, registry: Registry): RestReply {
  const headers = errorHeaders(error);
  const wantsProblem =
    negotiate(call.request.header.get('accept'), errorTypes) === 'application/problem+json';
  headers.set('content-type', wantsProblem ? 'application/problem+json' : 'application/json');
  const json = wantsProblem ? problemToJson(error, registry) : errorToJson(error, registry);
  return jsonReply(httpStatusOf(error), json, headers);
}

function bindingOf(call: RestCall): Binding {
  if (call.route === undefined) {
    throw new Error('a call without a route has no response to write');
  }
  return call.route;
}
