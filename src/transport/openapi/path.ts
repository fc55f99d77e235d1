import type { JsonObject } from '@bufbuild/protobuf';
import { leafOf } from '../rest/field-path.js';
import type { Binding, BoundVariable } from '../rest/routing/http-rule.js';
import type { Api } from './api.js';
import { type Comments, commentOf } from './comments.js';

/** A path as OpenAPI writes it, with its parameters. */
export interface DocumentedPath {
  readonly text: string;
  readonly parameters: readonly JsonObject[];
}

/**
 * Writes a path template as OpenAPI has it, where a parameter is one segment: `/v1/{name=users/*}/tasks:watch`
 * becomes `/v1/users/{user}/tasks:watch`, each parameter being called after the collection before it.
 */
export function documentedPath(
  binding: Binding,
  { api, comments }: { readonly api: Pick<Api, 'pathParameters'>; readonly comments: Comments },
): DocumentedPath {
  const { segments, verb } = binding.template;
  const parameters: JsonObject[] = [];
  const parts = segments.map((segment, at) => {
    if (segment.type === 'literal') return segment.key;
    const variable = binding.variables.find(({ start, end }) => start <= at && at < end);
    const name = unusedName(parameters, nameAt(binding, variable, at));
    const description = variable === undefined ? '' : commentOf(comments, leafOf(variable.field));
    parameters.push({
      name,
      in: 'path',
      required: true,
      ...(description === '' ? {} : { description }),
      schema: { type: 'string', minLength: 1 },
      ...api.pathParameters?.[name],
    });
    return `{${name}}`;
  });
  return { text: `/${parts.join('/')}${verb === undefined ? '' : `:${verb}`}`, parameters };
}

function nameAt(binding: Binding, variable: BoundVariable | undefined, at: number): string {
  const isWhole = variable !== undefined && variable.end - variable.start === 1;
  if (isWhole) return leafOf(variable.field).jsonName;
  const before = binding.template.segments[at - 1];
  const collection = before?.type === 'literal' ? before.key : 'part';
  const words = collection.replace(/s$/, '').split(/[^A-Za-z0-9]+/);
  return words
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('');
}

function unusedName(parameters: readonly JsonObject[], wish: string): string {
  const isTaken = (name: string) => parameters.some((parameter) => parameter.name === name);
  let name = wish;
  for (let n = 2; isTaken(name); n++) name = `${wish}${n}`;
  return name;
}
