import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf';

/** A field named by a dotted path: the fields on the way, the last one being the leaf. */
export type FieldPath = readonly [DescField, ...DescField[]];

/** Thrown for a path or a value that does not fit; its message is meant for the caller. */
export class FieldPathError extends Error {
  override readonly name = 'FieldPathError';
}

/**
 * Resolves a dotted path, each name in its proto or its JSON spelling, down to a leaf that one
 * string can fill: a scalar, an enum, a well-known type written as one JSON scalar, or (if
 * `repeated` is allowed) a list of scalars or enums. Throws FieldPathError.
 */
export function resolveFieldPath(
  message: DescMessage,
  path: string,
  { repeated }: { repeated: boolean },
): FieldPath {
  const fields: DescField[] = [];
  let parent: DescMessage | undefined = message;
  for (const name of path.split('.')) {
    if (parent === undefined || isScalarLike(parent)) {
      throw new FieldPathError('has no such field');
    }
    const field = fieldsByName(parent).get(name);
    if (field === undefined) {
      throw new FieldPathError('has no such field');
    }
    fields.push(field);
    parent = field.fieldKind === 'message' ? field.message : undefined;
  }
  const [first, ...rest] = fields;
  const leaf = fields.at(-1);
  if (first === undefined || leaf === undefined) {
    throw new FieldPathError('has no such field');
  }
  checkLeaf(leaf, repeated);
  return [first, ...rest];
}

/** The leaf of a field path. */
export function leafOf(path: FieldPath): DescField {
  return path.at(-1) ?? path[0];
}

/**
 * Places a value into a JSON object under its field path. A list collects values; a singular leaf
 * takes one, and false says that it already had one.
 */
export function placeValue(target: JsonObject, path: FieldPath, value: JsonValue): boolean {
  let object = target;
  for (const field of path.slice(0, -1)) {
    const inner = object[field.jsonName];
    // The paths are resolved against descriptors, so whatever stands on the way is an object.
    object = isJsonObject(inner) ? inner : newObject(object, field.jsonName);
  }
  const leaf = leafOf(path);
  const present = object[leaf.jsonName];
  if (leaf.fieldKind !== 'list') {
    object[leaf.jsonName] = present ?? value;
    return present === undefined;
  }
  if (Array.isArray(present)) {
    present.push(value);
  } else {
    object[leaf.jsonName] = [value];
  }
  return true;
}

/**
 * The JSON value that stands for `text` in a field. Only what ProtoJSON cannot take as a string is
 * converted; numbers and the like are left for the JSON reader. Throws FieldPathError.
 */
export function textToJson(field: DescField, text: string): JsonValue {
  if (field.scalar !== undefined) {
    return scalarToJson(field.scalar, text);
  }
  if (field.enum !== undefined) {
    return enumToJson(field.enum, text);
  }
  return field.fieldKind === 'message' ? messageToJson(field.message, text) : text;
}

function enumToJson(desc: DescEnum, text: string): JsonValue {
  if (/^-?\d{1,10}$/.test(text)) {
    return Number(text);
  }
  const fault = enumFault(desc, text);
  if (fault !== undefined) {
    throw new FieldPathError(fault);
  }
  return text;
}

/** What to tell whoever calls a value of an enum by a name that there is not; undefined if there is. */
export function enumFault(desc: DescEnum, text: string): string | undefined {
  const { values, typeName } = desc;
  if (values.some(({ name, jsonName }) => name === text || jsonName === text)) {
    return undefined;
  }
  const names = values.map(({ name }) => name).filter((name) => !name.endsWith('_UNSPECIFIED'));
  return `"${text.slice(0, shownMax)}" is no value of ${typeName}: use ${names.join(', ')}`;
}

/** Enough of a value to know it again. */
export const shownMax = 60;

function messageToJson(message: DescMessage, text: string): JsonValue {
  const wrapped = isWrapper(message) ? message.fields[0]?.scalar : undefined;
  const isMask = message.typeName === 'google.protobuf.FieldMask';
  // ProtoJSON wants lowerCamelCase masks, but `update_mask=display_name` is what people write.
  const camelCase = isMask
    ? text.replace(/_([a-z0-9])/g, (_, next: string) => next.toUpperCase())
    : text;
  const json = wrapped === undefined ? camelCase : scalarToJson(wrapped, text);
  try {
    // Errors inside well-known types do not say in which field; asking here does.
    fromJson(message, json);
  } catch (cause) {
    throw new FieldPathError(`is no ${message.typeName}`, { cause });
  }
  return json;
}

function scalarToJson(scalar: ScalarType, text: string): JsonValue {
  if (scalar === ScalarType.BOOL) {
    if (text !== 'true' && text !== 'false') {
      throw new FieldPathError('expected true or false');
    }
    return text === 'true';
  }
  if (scalar === ScalarType.BYTES) {
    // Base64 knows no space: where one stands, a query has turned "+" into it.
    return text.replaceAll(' ', '+');
  }
  return text;
}

function checkLeaf(leaf: DescField, repeated: boolean): void {
  const isPlainList = leaf.fieldKind === 'list' && leaf.listKind !== 'message';
  if (isPlainList && repeated) {
    return;
  }
  if (leaf.fieldKind === 'list' || leaf.fieldKind === 'map') {
    throw new FieldPathError(`is a ${isPlainList ? 'repeated' : 'map or repeated message'} field`);
  }
  if (leaf.fieldKind === 'message' && !isScalarLike(leaf.message)) {
    throw new FieldPathError('is a message: name one of its fields');
  }
}

/** Well-known types that are one JSON scalar; their proto fields are no part of their JSON. */
function isScalarLike(message: DescMessage): boolean {
  return scalarLikeTypes.has(message.typeName) || isWrapper(message);
}

function isWrapper(message: DescMessage | undefined): boolean {
  return message !== undefined && wrapperPattern.test(message.typeName);
}

const scalarLikeTypes = new Set([
  'google.protobuf.Timestamp',
  'google.protobuf.Duration',
  'google.protobuf.FieldMask',
]);

const wrapperPattern = /^google\.protobuf\.(?:Double|Float|U?Int(?:32|64)|Bool|String|Bytes)Value$/;

const namesByMessage = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

/** The fields of a message by the names that callers may use: those of the proto and those of its JSON. */
export function fieldsByName(message: DescMessage): ReadonlyMap<string, DescField> {
  let names = namesByMessage.get(message);
  if (names === undefined) {
    names = new Map(
      message.fields.flatMap((field) => [[field.name, field] as const, [field.jsonName, field]]),
    );
    namesByMessage.set(message, names);
  }
  return names;
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function newObject(parent: JsonObject, name: string): JsonObject {
  const object: JsonObject = {};
  parent[name] = object;
  return object;
}
