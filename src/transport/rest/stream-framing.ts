import type { DescMessage, JsonValue, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { ConnectError } from '@connectrpc/connect';
import { type FieldPath, FieldPathError, resolveFieldPath } from './field-path.js';
import { httpBodyOf } from './http-body.js';
import type { StreamFraming } from './representation.js';
import type { Binding } from './routing/http-rule.js';

/** How the parts of a stream become JSON. */
export interface JsonParts {
  /** Its text. */
  message(message: Message): string;
  error(error: ConnectError): JsonValue;
}

/** One JSON object a line: `{"result":…}` for each message and `{"error":…}` for a failure. */
export function newlineDelimited(asJson: JsonParts): StreamFraming {
  return {
    contentType: () => 'application/x-ndjson',
    frame: (message) => `{"result":${asJson.message(message)}}\n`,
    end: () => '',
    fail: (error) => `${JSON.stringify(asJson.error(error))}\n`,
    // An empty line is no JSON, and strict readers stop at it.
    heartbeat: undefined,
  };
}

/**
 * Server-sent events: a plain event for each message, with its `id:` if the message has the field
 * named for it; `event: error` for a failure; `event: end` when all is said, since a browser would
 * otherwise take the end for a lost connection and ask again.
 */
export function eventStream(
  output: DescMessage,
  asJson: JsonParts,
  idField: string | undefined,
): StreamFraming {
  const idPath = idField === undefined ? undefined : pathIn(output, idField);
  return {
    contentType: () => 'text/event-stream',
    frame(message) {
      const id = idPath === undefined ? '' : idLine(output, message, idPath);
      return `${id}data: ${asJson.message(message)}\n\n`;
    },
    end: () => 'event: end\ndata: {}\n\n',
    fail: (error) => `event: error\ndata: ${JSON.stringify(asJson.error(error))}\n\n`,
    heartbeat: ': still here\n\n',
  };
}

/** The bytes of streamed `google.api.HttpBody` messages; the first one names their type. */
export function rawStream(binding: Binding): StreamFraming {
  return {
    contentType(first) {
      const body = first === undefined ? undefined : httpBodyOf(binding, first);
      return body?.contentType || 'application/octet-stream';
    },
    frame: (message) => httpBodyOf(binding, message)?.data ?? new Uint8Array(),
    end: () => '',
    // Raw bytes have no room for an error, and a clean end would pass them off as complete.
    fail: () => undefined,
    heartbeat: undefined,
  };
}

/** Streams of messages without the field simply have no event ids. */
function pathIn(message: DescMessage, path: string): FieldPath | undefined {
  try {
    return resolveFieldPath(message, path, { repeated: false });
  } catch (reason) {
    if (reason instanceof FieldPathError) {
      return undefined;
    }
    throw reason;
  }
}

function idLine(output: DescMessage, message: Message, path: FieldPath): string {
  let at = reflect(output, message);
  for (const field of path) {
    if (field.fieldKind === 'message') {
      if (!at.isSet(field)) {
        return '';
      }
      at = at.get(field);
    } else if (field.fieldKind === 'scalar' && at.isSet(field)) {
      const id = String(at.get(field));
      // A line break would end the line, and a NUL makes browsers ignore the id.
      return /[\r\n\0]/.test(id) ? '' : `id: ${id}\n`;
    }
  }
  return '';
}
