import {
  type DescField,
  type DescMessage,
  fromJson,
  type JsonReadOptions,
  type JsonValue,
} from '@bufbuild/protobuf';
import { isFieldError } from '@bufbuild/protobuf/reflect';
import type { FieldViolation } from './errors.js';
import { enumFault, fieldsByName, isJsonObject, shownMax } from './field-path.js';

/**
 * Finds out where JSON that the reader has refused does not fit its message: the reader itself names neither the way to
 * a field nor the values of an enum. `path` is that of the whole; the fields below are named as the caller wrote them.
 * Undefined if all of it fits.
 */
export function jsonFault(
  message: DescMessage,
  json: JsonValue,
  path: string,
  options: Partial<JsonReadOptions>,
): FieldViolation | undefined {
  const whole = refusal(message, json, options);
  if (whole === undefined) return undefined;
  if (!isJsonObject(json) || message.typeName.startsWith('google.protobuf.')) {
    return { field: path, description: `is no ${message.typeName}: ${shown(json)}` };
  }
  for (const [name, value] of Object.entries(json)) {
    const refused = refusal(message, { [name]: value }, options);
    if (refused === undefined) continue;
    const field = fieldsByName(message).get(name);
    const at = path === '' ? name : `${path}.${name}`;
    const inner = field && faultInside(field, value, at, options);
    return inner ?? { field: at, description: field ? refused : 'has no such field' };
  }
  // Each fits alone, so two of them are of one oneof.
  return { field: path, description: whole };
}

type Options = Partial<JsonReadOptions>;

/** Why the reader refuses a value; undefined if it does not. */
function refusal(message: DescMessage, json: JsonValue, options: Options): string | undefined {
  try {
    fromJson(message, json, options);
    return undefined;
  } catch (reason) {
    const cause = reason instanceof Error && isFieldError(reason.cause) ? reason.cause : reason;
    return messageOf(cause);
  }
}

/** What went wrong, without how this language calls its numbers. */
export function messageOf(reason: unknown): string {
  const message = reason instanceof Error ? reason.message : String(reason);
  return message.replace(/^expected (?:number|bigint) \((\w+)\)(?:: (.*) out of range$)?/, wanted);
}

function wanted(_found: string, type: string, value?: string): string {
  if (value === undefined) return `expected ${type}`;
  return `expected ${type}, got ${JSON.stringify(value)}`;
}

function faultInside(
  field: DescField,
  value: JsonValue,
  path: string,
  options: Options,
): FieldViolation | undefined {
  for (const [at, item] of itemsOf(field, value, path)) {
    const fault = field.message
      ? jsonFault(field.message, item, at, options)
      : enumViolation(field, item, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function enumViolation(
  { enum: desc }: DescField,
  item: JsonValue,
  field: string,
): FieldViolation | undefined {
  const description = desc && typeof item === 'string' ? enumFault(desc, item) : undefined;
  return description === undefined ? undefined : { field, description };
}

/** The single values in a field, and where each of them is; none if lists and maps are not what they should be. */
function itemsOf(
  { fieldKind }: DescField,
  value: JsonValue,
  path: string,
): readonly (readonly [path: string, item: JsonValue])[] {
  switch (fieldKind) {
    case 'list':
      return Array.isArray(value) ? value.map((item, at) => [`${path}[${at}]`, item]) : [];
    case 'map':
      return isJsonObject(value)
        ? Object.entries(value).map(([key, item]) => [`${path}.${key}`, item])
        : [];
    default:
      return [[path, value]];
  }
}

function shown(json: JsonValue): string {
  return JSON.stringify(json).slice(0, shownMax);
}
