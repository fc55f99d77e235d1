import { ConnectError } from '@connectrpc/connect';
import { preconditionFailed, restError } from './errors.js';
import { fieldsByName, isJsonObject } from './field-path.js';
import type { DecodedBody } from './representation.js';
import type { Binding } from './routing/http-rule.js';

/** What a request message is made of, besides the path. */
export interface Given {
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: DecodedBody;
}

/**
 * Gives a method that takes an `etag`, itself or in its resource, that of `If-Match`: passed over, the header would let
 * a caller overwrite what it asked not to. Any other method has no condition to check. Throws 400 for more than one tag,
 * a weak one, and one that differs from an etag that is given already.
 */
export function withCondition(binding: Binding, header: Headers, given: Given): Given {
  const condition = header.get('if-match')?.trim();
  // Any is as good as there being one, of which the method takes care.
  if (condition === undefined || condition === '*') return given;
  const place = placeOf(binding);
  if (place === undefined) return given;
  const etag = /^"([\x21\x23-\x7e]*)"$/.exec(condition)?.[1];
  if (etag === undefined) throw restError(400, 'if-match: expected one etag in quotes');
  if (place === 'query') return { ...given, query: [...given.query, ['etag', etag]] };
  return { ...given, body: withEtag(given.body, etag) };
}

/** An error as a caller with a condition expects it: whatever was changed in between is 412. */
export function conditionalError(header: Headers, reason: unknown): unknown {
  return header.has('if-match') && reason instanceof ConnectError
    ? preconditionFailed(reason)
    : reason;
}

function placeOf({ body, method }: Binding): 'body' | 'query' | undefined {
  const resource = body.type === 'field' ? body.field.message : undefined;
  if (resource && fieldsByName(resource).has('etag')) return 'body';
  if (!fieldsByName(method.input).has('etag')) return undefined;
  return body.type === 'message' ? 'body' : 'query';
}

function withEtag(body: DecodedBody, etag: string): DecodedBody {
  if (body.type === 'message') return body;
  const json = body.type === 'json' ? body.value : {};
  // What is no object is refused for that.
  if (!isJsonObject(json)) return body;
  if (json.etag !== undefined && json.etag !== etag) {
    throw restError(400, 'if-match: differs from the etag in the body');
  }
  return { type: 'json', value: { ...json, etag } };
}
