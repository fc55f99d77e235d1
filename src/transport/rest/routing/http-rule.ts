import {
  type DescField,
  type DescMethod,
  getOption,
  hasOption,
  ScalarType,
} from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { http } from '../../../../gen/ts/google/api/annotations_pb.js';
import type { HttpRule } from '../../../../gen/ts/google/api/http_pb.js';
import { HttpBodySchema } from '../../../../gen/ts/google/api/httpbody_pb.js';
import { type FieldPath, resolveFieldPath } from '../field-path.js';
import { type PathTemplate, parseTemplate, type TemplateVariable } from './path-template.js';

/** Where the HTTP body goes: nowhere, into the whole request message, or into one field of it. */
export type BodyTarget =
  | { readonly type: 'none' }
  | { readonly type: 'message' }
  | { readonly type: 'field'; readonly field: DescField };

/** One HTTP binding of a method, compiled and checked against its descriptors. */
export interface Binding {
  readonly method: DescMethod;
  /** `GET`, `POST` …, a custom kind, or `*` for any method. */
  readonly httpMethod: string;
  readonly template: PathTemplate;
  /** The template's variables with the request fields that they fill. */
  readonly variables: readonly BoundVariable[];
  /** Whether each of them is a string field of the request message itself, outside a oneof. */
  readonly plainVariables: boolean;
  readonly body: BodyTarget;
  /** Whether the body is `google.api.HttpBody`: raw bytes, streamed in if the method streams. */
  readonly rawBody: boolean;
  /** The response field that is the response body; undefined for the whole message. */
  readonly responseField: DescField | undefined;
  /** Whether the response body is `google.api.HttpBody`. */
  readonly rawResponse: boolean;
  /** Whether the method declares NO_SIDE_EFFECTS, so that HEAD may run it as GET does. */
  readonly safe: boolean;
}

/** A variable of the path together with the request field that it fills. */
export interface BoundVariable extends TemplateVariable {
  readonly field: FieldPath;
}

/**
 * Reads a method's `google.api.http` option, additional bindings included, in the order written.
 * A method without the option has none. Throws an Error that names the method for a rule that
 * cannot be served, so that a server with such a rule does not start.
 */
export function bindingsOf(method: DescMethod): Binding[] {
  if (!hasOption(method, http)) {
    return [];
  }
  const rule = getOption(method, http);
  try {
    const nested = rule.additionalBindings.find((extra) => extra.additionalBindings.length > 0);
    if (nested !== undefined) {
      throw new Error('additional_bindings must not be nested');
    }
    return [rule, ...rule.additionalBindings].map((each) => compileRule(method, each));
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${method.parent.typeName}.${method.name}: google.api.http: ${text}`, {
      cause,
    });
  }
}

function compileRule(method: DescMethod, rule: HttpRule): Binding {
  const [httpMethod, path] = patternOf(rule);
  const template = parseTemplate(path);
  const body = bodyTarget(method, rule.body);
  const rawBody = isRawBody(method, body);
  if (isClientStream(method) && !rawBody) {
    throw new Error('a method that streams requests needs google.api.HttpBody as its body');
  }
  const responseField = rule.responseBody === '' ? undefined : responseFieldOf(method, rule);
  const responseType = responseField === undefined ? method.output : responseField.message;
  const variables = template.variables.map((variable) => bindVariable(method, variable));
  return {
    method,
    httpMethod,
    template,
    variables,
    plainVariables: variables.every(isPlain),
    body,
    rawBody,
    responseField,
    rawResponse:
      responseField?.fieldKind !== 'list' && responseType?.typeName === HttpBodySchema.typeName,
    safe: method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS,
  };
}

function patternOf(rule: HttpRule): [httpMethod: string, path: string] {
  const { pattern } = rule;
  if (pattern.case === undefined) {
    throw new Error('has no pattern');
  }
  if (pattern.case !== 'custom') {
    return [pattern.case.toUpperCase(), pattern.value];
  }
  const { kind, path } = pattern.value;
  if (kind !== '*' && !/^[A-Za-z][A-Za-z0-9!#$%&'+.^_`|~-]*$/.test(kind)) {
    throw new Error(`custom kind "${kind}" is not an HTTP method`);
  }
  return [kind, path];
}

function bodyTarget(method: DescMethod, body: string): BodyTarget {
  if (body === '' || body === '*') {
    return { type: body === '' ? 'none' : 'message' };
  }
  const field = method.input.fields.find(({ name }) => name === body);
  if (field === undefined) {
    throw new Error(`body "${body}" is not a field of ${method.input.typeName}`);
  }
  return { type: 'field', field };
}

function isRawBody(method: DescMethod, body: BodyTarget): boolean {
  if (body.type === 'field') {
    const { field } = body;
    return field.fieldKind === 'message' && field.message.typeName === HttpBodySchema.typeName;
  }
  return body.type === 'message' && method.input.typeName === HttpBodySchema.typeName;
}

function responseFieldOf(method: DescMethod, rule: HttpRule): DescField {
  const field = method.output.fields.find(({ name }) => name === rule.responseBody);
  if (field === undefined) {
    throw new Error(
      `response_body "${rule.responseBody}" is not a field of ${method.output.typeName}`,
    );
  }
  return field;
}

function bindVariable(method: DescMethod, variable: TemplateVariable): BoundVariable {
  try {
    const field = resolveFieldPath(method.input, variable.fieldPath, { repeated: false });
    return { ...variable, field };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    const where = `${variable.fieldPath} in ${method.input.typeName}`;
    throw new Error(`path variable ${where}: ${text}`, { cause });
  }
}

function isPlain({ field }: BoundVariable): boolean {
  const [leaf] = field;
  return field.length === 1 && leaf.scalar === ScalarType.STRING && leaf.oneof === undefined;
}

function isClientStream(method: DescMethod): boolean {
  return method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
}
