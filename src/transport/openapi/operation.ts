import type { DescMethod, JsonObject } from '@bufbuild/protobuf';
import type { Code } from '@connectrpc/connect';
import { codeName } from '../rest/errors.js';
import type { Binding } from '../rest/routing/http-rule.js';
import { type Api, type Responses, response } from './api.js';
import { type Comments, commentOf, firstSentence } from './comments.js';
import { allCodes, standardFailure } from './failure.js';
import { queryParameters } from './query.js';
import { isRequired, type Schemas } from './schemas.js';

/** What the operations of a document are made from. */
export interface OperationSource {
  readonly api: Api;
  readonly comments: Comments;
  readonly schemas: Schemas;
}

/** The Operation Object of a binding, without the parameters of its path. */
export function operationOf(
  binding: Binding,
  { id, pathParameters }: { readonly id: string; readonly pathParameters: readonly JsonObject[] },
  source: OperationSource,
): JsonObject {
  const { api, comments, schemas } = source;
  const { method } = binding;
  const facts = api.operations?.get(method);
  const comment = commentOf(comments, method);
  const query = queryParameters(binding, schemas);
  const parameters = [...pathParameters, ...query, ...(facts?.parameters ?? [])];
  const security = facts?.security;
  return {
    operationId: id,
    tags: [method.parent.name],
    summary: firstSentence(comment),
    description: comment,
    ...(parameters.length > 0 && { parameters }),
    ...requestBody(binding, source),
    responses: {
      ...successOf(binding, source),
      ...(api.failure?.(schemas.ofType) ?? standardFailure(codesIn(comment))),
      431: { $ref: '#/components/responses/HeaderTooLarge' },
    },
    ...(security && { security: requirements(security) }),
  };
}

/** Security Requirement Objects of ways to say who calls. */
export function requirements(security: Api['security']): JsonObject[] {
  return security.map((names) => Object.fromEntries(names.map((name) => [name, []])));
}

function requestBody(binding: Binding, { api, schemas }: OperationSource): JsonObject {
  const { body, method, rawBody, httpMethod } = binding;
  const { requestContent, example } = api.operations?.get(method) ?? {};
  if (body.type === 'none') return {};
  const required = body.type === 'field' && (rawBody || isRequired(body.field));
  if (requestContent !== undefined) return { requestBody: { content: requestContent, required } };
  if (rawBody) {
    return { requestBody: { content: { 'application/octet-stream': {} }, required } };
  }
  // What a PATCH leaves out stays as it is.
  const partial = httpMethod === 'PATCH';
  const schema =
    body.type === 'field' ? schemas.ofField(body.field, partial) : bodyMessage(binding, schemas);
  const json = { schema, ...(example === undefined ? {} : { example }) };
  return { requestBody: { content: { 'application/json': json }, required } };
}

/** The request message without what the path fills. */
function bodyMessage({ method, variables }: Binding, schemas: Schemas): JsonObject {
  const bound = new Set(variables.map(({ field }) => field[0]));
  const fields = method.input.fields.filter((field) => !bound.has(field));
  const required = fields.filter(isRequired).map(({ jsonName }) => jsonName);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.jsonName, schemas.ofField(field)])),
    ...(required.length > 0 && { required }),
  };
}

function successOf(binding: Binding, { api, schemas }: OperationSource): Responses {
  const { method, rawResponse, responseField } = binding;
  const schema = () =>
    responseField === undefined ? schemas.ofType(method.output) : schemas.ofField(responseField);
  const special = api.success?.({ binding, schema, schemaOf: schemas.ofType });
  if (special !== undefined) return special;
  if (rawResponse) return { 200: bytes };
  if (isStream(method)) return { 200: streamOf(schema()) };
  return { 200: response('The call succeeded.', schema()) };
}

const bytes: JsonObject = {
  description: 'The bytes.',
  content: { 'application/octet-stream': {} },
};

/** The line is described, not the whole: OpenAPI 3.1 has no word for it. */
function streamOf(message: JsonObject): JsonObject {
  const line = {
    type: 'object',
    description: 'One line: a message, or the error with which the stream ended.',
    properties: { result: message, error: { type: 'object' } },
  };
  const event = {
    type: 'string',
    description:
      'One event a message, whose `data` is its JSON; `end` or `error` when all is said.',
  };
  return {
    description: 'A stream of messages.',
    content: {
      'application/x-ndjson': { schema: line },
      'text/event-stream': { schema: event },
    },
  };
}

function isStream({ methodKind }: DescMethod): boolean {
  return methodKind === 'server_streaming' || methodKind === 'bidi_streaming';
}

/** Comments name codes in capitals: "NOT_FOUND if there is none of the name". */
function codesIn(comment: string): Code[] {
  const words = new Set(comment.match(/\b[A-Z]+(?:_[A-Z]+)*\b/g));
  return allCodes.filter((code) => words.has(codeName(code)));
}
