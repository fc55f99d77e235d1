import type { JsonObject } from '@bufbuild/protobuf';
import JSON5 from 'json5';
import { restError } from '../rest/errors.js';

/**
 * Reads the body of a sequence. As it is documented it is no JSON: names without quotes, a comma behind the last element.
 * What is not documented in it is passed over. Throws the 400 to answer with.
 */
export function readSequenceBody(body: Uint8Array): JsonObject {
  const given = parse(body);
  if (!isObject(given)) throw restError(400, 'body: expected an object');
  return {
    variables: readVariables(given.variables ?? {}),
    fileIds: readFileIds(given.fileIds ?? []),
  };
}

function parse(body: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw restError(400, 'body: is not valid UTF-8', { cause });
  }
  if (text.trim() === '') return {};
  try {
    return JSON5.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.replace(/^JSON5: /, '') : '';
    throw restError(400, `body: ${why}`, { cause });
  }
}

function readVariables(given: unknown): JsonObject {
  if (!isObject(given)) throw restError(400, 'body: variables must be an object');
  // Entries, not assignments: a name such as __proto__ is a name like any other.
  const entries = Object.entries(given).map(([name, value]) => {
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
    if (!isPlain) throw restError(400, 'body: the value of a variable must be a text');
    return [name, String(value)] as const;
  });
  return Object.fromEntries(entries);
}

function readFileIds(given: unknown): number[] {
  if (!Array.isArray(given)) throw restError(400, 'body: fileIds must be a list');
  return given.map((id: unknown) => {
    const number = typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : id;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number > 0) return number;
    throw restError(400, 'body: fileIds must be file ids');
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
