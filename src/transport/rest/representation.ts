import type { JsonValue, Message } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import type { HeaderFields } from './http/header-fields.js';
import type { RestCall } from './rest-call.js';

/** What a representation made of a request's body. */
export type DecodedBody =
  /** There is no body: the request message comes from path and query alone. */
  | { readonly type: 'empty' }
  /** The ProtoJSON of the request message, or of the field that the rule names as `body`. */
  | { readonly type: 'json'; readonly value: JsonValue }
  /** That message itself, for bodies that JSON cannot say. */
  | { readonly type: 'message'; readonly message: Message };

/** A whole answer. The engine adds length, compression and cross-origin headers. */
export interface RestReply {
  readonly status: number;
  /** Override what the implementation set; a `content-type` is needed if there is a body. */
  readonly headers?: HeaderFields;
  readonly body: string | Uint8Array;
}

/** How the messages of a response stream are written one after another. */
export interface StreamFraming {
  /** The stream's content type; sees its first message, undefined if the stream is empty. */
  contentType(first: Message | undefined): string;
  frame(message: Message): string | Uint8Array;
  /** What is written behind the last message; may be empty. */
  end(): string;
  /** How a failure after the headers is told; undefined cuts the connection instead. */
  fail(error: ConnectError): string | undefined;
  /** What is written into a silent stream to keep it open; undefined writes nothing. */
  readonly heartbeat: string | undefined;
}

/**
 * How the methods of a service look over HTTP, where that differs from plain ProtoJSON. Whatever
 * is left out is done as JSON, so a representation says only what is special about its API;
 * `encode` and `encodeError` leave a single answer to JSON by giving undefined. The
 * methods run in this order: authenticate, decodeBody, then the call itself with its interceptors,
 * then encode or stream. Whatever fails on the way ends in encodeError.
 */
export interface Representation {
  /** Largest buffered body in bytes; the engine's limit if left out. */
  readonly bodyBytesMax?: number;
  /** Query parameters that the representation reads itself, so that they bind to no field. */
  readonly ownQuery?: readonly string[];
  /** Whether a body on a route without one is passed over instead of answered 400. */
  readonly ignoresBody?: boolean;
  /** Whether captures of `**` may contain empty segments, as in `/files//home/me`. */
  readonly allowsEmptySegments?: boolean;
  /**
   * Checks who calls, with the raw request at hand and before anything is decoded. What it learns
   * goes into `call.values`, where interceptors find it. Refuses by throwing a ConnectError.
   */
  authenticate?(call: RestCall): void | Promise<void>;
  /**
   * Reads the body. Not asked for routes without a body, nor for `google.api.HttpBody`. Checks the
   * content type itself. Refuses by throwing a ConnectError.
   */
  decodeBody?(call: RestCall): DecodedBody | Promise<DecodedBody>;
  /** Writes the message of a call that succeeded. */
  encode?(call: RestCall, message: Message): RestReply | undefined | Promise<RestReply | undefined>;
  /** Writes an error; `httpStatusOf` has its usual status. Must not throw. */
  encodeError?(call: RestCall, error: ConnectError): RestReply | undefined;
  /** Chooses how a response stream is written. */
  stream?(call: RestCall): StreamFraming;
}

/** A representation with nothing left out. */
export interface CompleteRepresentation extends Required<Representation> {
  encode(call: RestCall, message: Message): RestReply | Promise<RestReply>;
  encodeError(call: RestCall, error: ConnectError): RestReply;
}

/** Fills what a representation leaves out with how `base` does it. */
export function completeRepresentation(
  special: Representation | undefined,
  base: CompleteRepresentation,
): CompleteRepresentation {
  if (special === undefined) {
    return base;
  }
  // Bound one by one, since a representation may be an instance whose methods are inherited.
  return {
    bodyBytesMax: special.bodyBytesMax ?? base.bodyBytesMax,
    ownQuery: special.ownQuery ?? base.ownQuery,
    ignoresBody: special.ignoresBody ?? base.ignoresBody,
    allowsEmptySegments: special.allowsEmptySegments ?? base.allowsEmptySegments,
    authenticate: special.authenticate?.bind(special) ?? base.authenticate,
    decodeBody: special.decodeBody?.bind(special) ?? base.decodeBody,
    encode: async (call, message) =>
      (await special.encode?.(call, message)) ?? base.encode(call, message),
    encodeError: (call, error) =>
      special.encodeError?.(call, error) ?? base.encodeError(call, error),
    stream: special.stream?.bind(special) ?? base.stream,
  };
}
