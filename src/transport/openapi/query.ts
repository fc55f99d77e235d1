import type { DescField, DescMessage, JsonObject } from '@bufbuild/protobuf';
import type { Binding } from '../rest/routing/http-rule.js';
import { isRequired, type Schemas } from './schemas.js';
import { wellKnownSchema } from './values.js';

/**
 * The query parameters of a binding: every field of the request that neither path nor body fills and that texts can
 * fill. Fields of messages are called by their path, `batch.maxRecords`.
 */
export function queryParameters(binding: Binding, schemas: Schemas): JsonObject[] {
  const { body, method, variables } = binding;
  if (body.type === 'message') return [];
  const bound = new Set(variables.map(({ field }) => field[0]));
  const free = method.input.fields.filter(
    (field) => !bound.has(field) && !(body.type === 'field' && body.field === field),
  );
  return free.flatMap((field) => parametersOf(field, { prefix: '', above: [] }, schemas));
}

interface Place {
  readonly prefix: string;
  /** Messages around the field: one that contains itself has no end of paths. */
  readonly above: readonly DescMessage[];
}

function parametersOf(field: DescField, { prefix, above }: Place, schemas: Schemas): JsonObject[] {
  const name = prefix + field.jsonName;
  const { message } = field;
  if (field.fieldKind === 'map' || (field.fieldKind === 'list' && message !== undefined)) return [];
  if (message !== undefined && wellKnownSchema(message)?.type !== 'string') {
    if (above.includes(message)) return [];
    const inside = { prefix: `${name}.`, above: [...above, message] };
    return message.fields.flatMap((inner) => parametersOf(inner, inside, schemas));
  }
  const { description, ...schema } = schemas.ofField(field);
  return [
    {
      name,
      in: 'query',
      ...(description === undefined ? {} : { description }),
      ...(isRequired(field) && { required: true }),
      schema,
    },
  ];
}
