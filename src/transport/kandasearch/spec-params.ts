import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { TaskSpecSchema } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { SpecDraft } from '../../domain/draft.js';
import { specFromMessage } from '../core/spec-message.js';
import { isObject } from './params.js';
import { parseFailure } from './parse-failure.js';

/** Reads a part of a spec as task files have it: proto JSON, in which enum values may do without their prefix. */
export function specFromParams(params: JsonObject): SpecDraft {
  try {
    return specFromMessage(fromJson(TaskSpecSchema, withPrefixes(TaskSpecSchema, params)));
  } catch (error) {
    // The reader's own words name the field; values of fields, which may be secret, it only shows where they are short.
    const why = error instanceof Error ? error.message.replace(/^.*from JSON: /, '') : '';
    throw parseFailure(`params are no part of a spec: ${why}`, error);
  }
}

function withPrefixes(schema: DescMessage, value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const field = schema.fields.find(({ jsonName, name }) => jsonName === key || name === key);
      return [key, field ? fieldValue(field, item) : item];
    }),
  );
}

function fieldValue(field: DescField, value: JsonValue): JsonValue {
  if (field.fieldKind === 'enum') return enumValue(field.enum, value);
  const nested = field.fieldKind === 'message' && isObject(value);
  return nested ? withPrefixes(field.message, value) : value;
}

function enumValue(desc: DescEnum, value: JsonValue): JsonValue {
  const long = `${(desc.sharedPrefix ?? '').toUpperCase()}${value}`;
  return desc.values.some(({ name }) => name === long) ? long : value;
}
