import type { JsonObject } from '@bufbuild/protobuf';
import type { Binding } from '../rest/routing/http-rule.js';
import type { Api } from './api.js';
import { type Comments, commentOf } from './comments.js';
import { failureSchemas } from './failure.js';
import { operationOf, requirements } from './operation.js';
import { documentedPath } from './path.js';
import { createSchemas } from './schemas.js';

/** What all documents of a service share. */
export interface DocumentOptions {
  readonly comments: Comments;
  /** Of the service. */
  readonly version: string;
  /** What clients call the service, without a slash at the end; undefined: where they got the document. */
  readonly publicUrl: string | undefined;
}

/** An OpenAPI 3.1 document of those `bindings` that belong to the services of an API. */
export function openApiDocument(
  api: Api,
  bindings: readonly Binding[],
  { comments, version, publicUrl }: DocumentOptions,
): JsonObject {
  const schemas = createSchemas({ api, comments });
  const paths: Record<string, JsonObject> = {};
  const ids = new Map<string, number>();
  for (const binding of bindings) {
    const { method } = binding;
    if (!api.services.includes(method.parent)) continue;
    const path = documentedPath(binding, { api, comments });
    const id = unusedId(ids, `${method.parent.name}_${method.name}`);
    const place = { id, pathParameters: path.parameters };
    const operation = operationOf(binding, place, { api, comments, schemas });
    paths[path.text] = { ...paths[path.text], [binding.httpMethod.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: api.title,
      version,
      description: api.description,
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl ?? '/' }],
    security: requirements(api.security),
    tags: api.services.map((service) => ({
      name: service.name,
      description: commentOf(comments, service),
    })),
    paths,
    components: {
      schemas: { ...schemas.components, ...(api.failure === undefined && failureSchemas) },
      responses: { HeaderTooLarge: headerTooLarge },
      securitySchemes: { ...api.securitySchemes },
    },
  };
}

/** The parser of HTTP/1.1 answers this before anything of ours sees the request. */
const headerTooLarge: JsonObject = {
  description: 'URL and header fields are larger than 16 KiB in all. The answer has no body.',
};

/** A method's further bindings are numbered. */
function unusedId(ids: Map<string, number>, name: string): string {
  const n = (ids.get(name) ?? 0) + 1;
  ids.set(name, n);
  return n === 1 ? name : `${name}_${n}`;
}
