import {
  create,
  type DescField,
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  mergeFromJson,
  type Registry,
} from '@bufbuild/protobuf';
import { isFieldError, reflect } from '@bufbuild/protobuf/reflect';
import { type FieldViolation, fieldsError, restError } from './errors.js';
import {
  type FieldPath,
  FieldPathError,
  leafOf,
  placeValue,
  resolveFieldPath,
  textToJson,
} from './field-path.js';
import { jsonFault, messageOf } from './json-fault.js';
import type { DecodedBody } from './representation.js';
import type { Binding, BoundVariable } from './routing/http-rule.js';
import { decodeMany, decodeOne } from './routing/path-scanner.js';
import { captureRange } from './routing/path-template.js';

/** How strictly requests are bound. */
export interface BindOptions {
  /** For `google.protobuf.Any` and extensions in JSON. */
  readonly registry: Registry;
  /** Whether a query parameter that names no field is passed over instead of answered 400. */
  readonly ignoreUnknownQuery: boolean;
  /** Whether a JSON member that names no field is passed over instead of answered 400. */
  readonly ignoreUnknownFields: boolean;
  /** Query parameters that the representation reads itself. */
  readonly ownQuery: ReadonlySet<string>;
}

/** The parts of a request from which a message is made. */
export interface RequestParts {
  /** The path's raw segments, without the verb. */
  readonly segments: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: DecodedBody;
}

/**
 * Makes the request message of a binding: the body first, then the path's variables and the query
 * over it, so that nothing in a body can replace what the path says. Throws the 400 to answer
 * with, which carries a `google.rpc.BadRequest` naming each field at fault.
 */
export function bindRequest(binding: Binding, parts: RequestParts, options: BindOptions): Message {
  if (binding.plainVariables && parts.query.length === 0) {
    return bindPlain(binding, parts, options);
  }
  const parameters = bindParameters(binding, parts, options);
  const { input } = binding.method;
  const whole = wholeJson(binding, parameters, parts.body);
  if (whole !== undefined) {
    const fault = () => bodyFault(binding, parts.body, options);
    return read(parameters, () => fromJson(input, whole, options), fault);
  }
  const message = bodyMessage(binding, parts.body, options);
  if (parameters.paths.size === 0) {
    return message;
  }
  return read(parameters, () => mergeFromJson(input, message, parameters.json, options));
}

/** Places strings, of which none can be wrong, without the JSON reader. */
function bindPlain(
  binding: Binding,
  { segments, body }: RequestParts,
  options: BindOptions,
): Message {
  const strings: Record<string, string> = {};
  for (const variable of binding.variables) {
    strings[leafOf(variable.field).localName] = captured(binding, variable, segments);
  }
  return body.type === 'empty'
    ? create(binding.method.input, strings)
    : Object.assign(bodyMessage(binding, body, options), strings);
}

/** The decoded text that a variable captures. */
function captured(
  { template }: Binding,
  variable: BoundVariable,
  segments: readonly string[],
): string {
  const [start, end] = captureRange(template, variable, segments.length);
  return variable.spansSegments
    ? decodeMany(segments.slice(start, end))
    : decodeOne(segments[start] ?? '');
}

interface Parameters {
  readonly json: JsonObject;
  /** The field path of each bound parameter, by the name that the caller used. */
  readonly paths: Map<string, FieldPath>;
}

function bindParameters(binding: Binding, parts: RequestParts, options: BindOptions): Parameters {
  const parameters: Parameters = { json: {}, paths: new Map() };
  const violations: FieldViolation[] = [];
  bindPath(binding, parts.segments, parameters);
  for (const [name, value] of parts.query) {
    const description = bindQuery(binding, [name, value], { parameters, options });
    if (description !== undefined) {
      violations.push({ field: name, description });
    }
  }
  if (violations.length > 0) {
    throw fieldsError(violations);
  }
  return parameters;
}

function bindPath(binding: Binding, segments: readonly string[], parameters: Parameters): void {
  for (const variable of binding.variables) {
    const text = captured(binding, variable, segments);
    const { fieldPath, field } = variable;
    placeValue(parameters.json, field, pathValue(fieldPath, leafOf(field), text));
    parameters.paths.set(variable.fieldPath, variable.field);
  }
}

/** Binds one query parameter; returns what is wrong with it, if anything. */
function bindQuery(
  binding: Binding,
  [name, value]: readonly [string, string],
  { parameters, options }: { parameters: Parameters; options: BindOptions },
): string | undefined {
  if (options.ownQuery.has(name)) {
    return undefined;
  }
  const path = fieldPathOf(binding, name);
  if (typeof path === 'string') {
    return options.ignoreUnknownQuery ? undefined : path;
  }
  const [field] = path;
  if (binding.body.type === 'message' || isSame(binding, field)) {
    return 'is taken from the body';
  }
  try {
    if (!placeValue(parameters.json, path, textToJson(leafOf(path), value))) {
      return 'is given more than once';
    }
  } catch (reason) {
    return messageOf(reason);
  }
  parameters.paths.set(name, path);
  return undefined;
}

function isSame(binding: Binding, field: DescField): boolean {
  return binding.body.type === 'field' && binding.body.field === field;
}

function fieldPathOf(binding: Binding, name: string): FieldPath | string {
  try {
    return resolveFieldPath(binding.method.input, name, { repeated: true });
  } catch (reason) {
    return messageOf(reason);
  }
}

/** The one JSON object for the whole message, if body and parameters have no field in common. */
function wholeJson(
  binding: Binding,
  { json }: Parameters,
  body: DecodedBody,
): JsonObject | undefined {
  if (body.type === 'empty') {
    return json;
  }
  const name = binding.body.type === 'field' ? binding.body.field.jsonName : undefined;
  if (body.type !== 'json' || name === undefined || json[name] !== undefined) {
    return undefined;
  }
  json[name] = body.value;
  return json;
}

/** The message as the body alone has it. */
function bodyMessage(binding: Binding, body: DecodedBody, options: BindOptions): Message {
  const { input } = binding.method;
  if (body.type === 'message') {
    return placeBody(binding, body.message);
  }
  const json = body.type === 'json' ? body.value : {};
  const { body: target } = binding;
  const whole = target.type === 'field' ? { [target.field.jsonName]: json } : json;
  const fault = () => bodyFault(binding, body, options);
  return read(undefined, () => fromJson(input, whole, options), fault);
}

/** Which field of a JSON body is at fault, if it is the body at all. */
function bodyFault(
  { body: target, method }: Binding,
  body: DecodedBody,
  options: BindOptions,
): FieldViolation | undefined {
  if (body.type !== 'json') {
    return undefined;
  }
  const whole = { message: method.input, path: '' };
  const { message, path } =
    target.type === 'field' ? { message: target.field.message, path: target.field.name } : whole;
  return message && jsonFault(message, body.value, path, options);
}

function placeBody(binding: Binding, body: Message): Message {
  if (binding.body.type !== 'field') {
    return body;
  }
  const { input } = binding.method;
  const { field } = binding.body;
  const message = create(input);
  if (field.fieldKind === 'message') {
    reflect(input, message).set(field, reflect(field.message, body));
  }
  return message;
}

function read(
  parameters: Parameters | undefined,
  decode: () => Message,
  faultOf: () => FieldViolation | undefined = () => undefined,
): Message {
  try {
    return decode();
  } catch (reason) {
    const fault = faultOf();
    if (fault === undefined) {
      throw readError(parameters, reason);
    }
    const description = fault.description.slice(0, descriptionMax);
    throw fault.field === ''
      ? restError(400, `body: ${description}`, { cause: reason })
      : fieldsError([{ field: fault.field, description }], reason);
  }
}

/** Names the parameter whose field the JSON reader could not fill; otherwise blames the body. */
function readError(parameters: Parameters | undefined, reason: unknown): unknown {
  const cause = reason instanceof Error ? reason.cause : undefined;
  const culprit = isFieldError(cause) ? cause.field() : undefined;
  const description = messageOf(culprit === undefined ? reason : cause).slice(0, descriptionMax);
  for (const [name, path] of parameters?.paths ?? []) {
    if (culprit !== undefined && (leafOf(path) === culprit || leafOf(path).oneof === culprit)) {
      return fieldsError([{ field: name, description }], reason);
    }
  }
  return culprit === undefined
    ? restError(400, description, { cause: reason })
    : fieldsError([{ field: culprit.name, description }], reason);
}

/** Decoders quote the value they refuse, which may be as long as the whole body. */
const descriptionMax = 300;

function pathValue(field: string, leaf: DescField, text: string): JsonValue {
  try {
    return textToJson(leaf, text);
  } catch (reason) {
    if (reason instanceof FieldPathError) {
      throw fieldsError([{ field, description: reason.message }]);
    }
    throw reason;
  }
}
