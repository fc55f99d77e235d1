import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import { createConnectRouter } from '@connectrpc/connect';
import { comments } from '../../../gen/ts/comments.js';
import { coreApi } from '../../../src/transport/core/documentation.js';
import { datameerApi } from '../../../src/transport/datameer/documentation.js';
import { kandasearchApi } from '../../../src/transport/kandasearch/documentation.js';
import { openApiDocument } from '../../../src/transport/openapi/document.js';
import { opentoxApi } from '../../../src/transport/opentox/documentation.js';
import { createRest } from '../../../src/transport/rest/rest-handler.js';
import { symetryApi } from '../../../src/transport/symetry/documentation.js';

/** Every API that is served. */
export const apis = [coreApi, symetryApi, opentoxApi, datameerApi, kandasearchApi];

const rest = createRest();
const router = rest.tap(createConnectRouter());
for (const service of apis.flatMap(({ services }) => services)) router.service(service, {});

/** What the engine routes, of all APIs. */
export const { routes } = rest;

/** The documents of all APIs, each with its name. */
export const documents = apis.map((api) => ({
  name: api.name,
  api,
  document: openApiDocument(api, routes, { comments, version: '1.2.3', publicUrl: undefined }),
}));

/** An Operation Object with where it stands. */
export interface Operation {
  readonly verb: string;
  readonly path: string;
  readonly operation: JsonObject;
}

export function operationsOf(document: JsonObject): Operation[] {
  return Object.entries(object(document.paths)).flatMap(([path, item]) =>
    Object.entries(object(item)).map(([verb, operation]) => ({
      verb,
      path,
      operation: object(operation),
    })),
  );
}

/** Every object in a JSON value, itself included. */
export function objectsIn(value: JsonValue | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

export function object(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** What stands at a path of member names; undefined if nothing does. */
export function at(
  value: JsonValue | undefined,
  ...names: readonly string[]
): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>((inner, name) => object(inner)[name], value);
}
