import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  getOption,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { FieldBehavior, field_behavior } from '../../gen/ts/google/api/field_behavior_pb.js';
import { didYouMean } from './nearest.js';

/** One thing that is wrong, with the path of the field. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/**
 * Brings JSON that people wrote into the form that the proto's JSON reader takes: enum values get
 * their prefix. All faults are collected, so that nobody mends a file one fault at a time.
 */
export function normalise(
  schema: DescMessage,
  value: JsonValue,
  at: { path: string; faults: Fault[] },
): JsonObject {
  const result: JsonObject = {};
  if (!isObject(value)) {
    at.faults.push({ path: at.path, message: `must be an object, not ${show(value)}` });
    return result;
  }
  const names = schema.fields.map((field) => field.jsonName);
  for (const [key, given] of Object.entries(value)) {
    const field = schema.fields.find(({ jsonName, name }) => jsonName === key || name === key);
    const path = at.path === '' ? key : `${at.path}.${key}`;
    if (field === undefined) {
      at.faults.push({ path, message: `is no field${didYouMean(key, names)}` });
    } else if (given !== null) {
      result[field.jsonName] = fieldValue(field, given, { path, faults: at.faults });
    }
  }
  return result;
}

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Place {
  readonly path: string;
  readonly faults: Fault[];
}

function fieldValue(field: DescField, value: JsonValue, at: Place): JsonValue {
  if (field.fieldKind === 'list') {
    if (!Array.isArray(value)) return refuse(at, `must be a list, not ${show(value)}`);
    return value.map((item, index) => single(field, item, inside(at, `[${index}]`)));
  }
  if (field.fieldKind === 'map') {
    if (!isObject(value)) return refuse(at, `must be an object, not ${show(value)}`);
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, single(field, item, inside(at, `.${key}`))]),
    );
  }
  return single(field, value, at);
}

function single(field: DescField, value: JsonValue, at: Place): JsonValue {
  if (field.enum) return enumValue(field.enum, value, at);
  if (field.message && !isWellKnown(field.message)) return normalise(field.message, value, at);
  try {
    // The field alone, so that the reader's fault is this field's.
    fromJson(field.parent, { [field.jsonName]: alone(field, value) });
  } catch (error) {
    return refuse(at, leafFault(field, value, error));
  }
  return value;
}

function alone(field: DescField, value: JsonValue): JsonValue {
  if (field.fieldKind === 'list') return [value];
  return field.fieldKind === 'map' ? { key: value } : value;
}

function enumValue(desc: DescEnum, value: JsonValue, at: Place): JsonValue {
  const prefix = (desc.sharedPrefix ?? '').toUpperCase();
  const found = desc.values.find(({ name }) => name === value || name === `${prefix}${value}`);
  if (found !== undefined) return found.name;
  const words = desc.values.slice(1).map(({ name }) => name.slice(prefix.length));
  const near = typeof value === 'string' ? didYouMean(value, words) : '';
  return refuse(at, `${show(value)} is not one of ${words.join(', ')}${near}`);
}

function leafFault(field: DescField, value: JsonValue, error: unknown): string {
  if (field.message?.typeName === 'google.protobuf.Duration') {
    return `${show(value)} is no duration: write seconds with their unit, such as 0.05s`;
  }
  if (field.fieldKind !== 'message' && typeof value !== 'string' && wantsText(error)) {
    return `must be text${isSecret(field) ? '' : `, not ${show(value)}`}: put it in quotes`;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isSecret(field)) return 'must be text';
  return message.replace(/^.*from JSON: /, '');
}

function isSecret(field: DescField): boolean {
  return getOption(field, field_behavior).includes(FieldBehavior.INPUT_ONLY);
}

function wantsText(error: unknown): boolean {
  return error instanceof Error && /expected string/.test(error.message);
}

function isWellKnown(desc: DescMessage): boolean {
  return desc.typeName.startsWith('google.protobuf.');
}

function inside(at: Place, suffix: string): Place {
  return { path: `${at.path}${suffix}`, faults: at.faults };
}

function refuse(at: Place, message: string): JsonValue {
  at.faults.push({ path: at.path, message });
  return null;
}

function show(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
