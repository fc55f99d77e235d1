import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { apis, at, documents, object, objectsIn, operationsOf, routes } from './documents.js';

const [core] = documents;
if (core === undefined) throw new Error('there is a core');

for (const { name, api, document } of documents) {
  describe(`the document of ${name}`, () => {
    test('has every route of its services, and each path and id once', () => {
      const served = routes.filter(({ method }) => api.services.includes(method.parent));
      const operations = operationsOf(document);
      assert.equal(operations.length, served.length);
      const ids = operations.map(({ operation }) => operation.operationId);
      assert.equal(new Set(ids).size, ids.length);
    });

    test('declares the parameters of each path, and no other', () => {
      for (const { path, operation } of operationsOf(document)) {
        const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter);
        const declared = objectsIn(operation.parameters)
          .filter((parameter) => parameter.in === 'path')
          .map((parameter) => parameter.name);
        assert.deepEqual(declared, inPath, path);
      }
    });

    test('explains every operation, parameter and field', () => {
      for (const { path, operation } of operationsOf(document)) {
        assert.ok(operation.summary, path);
        for (const parameter of objectsIn(operation.parameters)) {
          if (parameter.in !== undefined) {
            assert.ok(parameter.description, `${path} ${parameter.name}`);
          }
        }
      }
      for (const [type, schema] of Object.entries(object(at(document, 'components', 'schemas')))) {
        assert.ok(type.startsWith('Error') || at(schema, 'description'), type);
      }
    });

    test('refers to what is there, and has nothing that nobody refers to', () => {
      const references = objectsIn(document).flatMap(({ $ref }) =>
        typeof $ref === 'string' ? [$ref] : [],
      );
      const named = ['schemas', 'responses'].flatMap((kind) =>
        Object.keys(object(at(document, 'components', kind))).map(
          (component) => `#/components/${kind}/${component}`,
        ),
      );
      assert.deepEqual([...new Set(references)].sort(), named.sort());
    });

    test('has schemas that a validator compiles', () => {
      const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false });
      ajv.addVocabulary(['components', 'example']);
      ajv.addSchema(
        { $id: 'document', components: at(document, 'components') ?? {} },
        undefined,
        true,
        false,
      );
      for (const type of Object.keys(object(at(document, 'components', 'schemas')))) {
        assert.ok(ajv.compile({ $ref: `document#/components/schemas/${type}` }), type);
      }
    });

    test('names only ways to say who calls that it describes', () => {
      const schemes = Object.keys(object(at(document, 'components', 'securitySchemes')));
      const named = new Set(objectsIn(document.security).flatMap((each) => Object.keys(each)));
      assert.deepEqual([...named].sort(), schemes.sort());
    });
  });
}

test('every route is in a document', () => {
  const documented = documents.flatMap(({ document }) => operationsOf(document));
  assert.equal(documented.length, routes.length);
  assert.equal(new Set(apis.map(({ name }) => name)).size, apis.length);
});

test('names of several segments become one parameter each, called after its collection', () => {
  const path = '/v1/users/{user}/tasks/{task}/executions/{execution}';
  const operation = at(core.document, 'paths', path, 'get');
  assert.equal(at(operation, 'operationId'), 'ExecutionService_GetExecution');
  assert.deepEqual(
    objectsIn(at(operation, 'parameters')).flatMap(({ name }) => name ?? []),
    ['user', 'task', 'execution'],
  );
});

test('a change takes a message of which nothing is required, a creation says what is', () => {
  const task = at(core.document, 'components', 'schemas', 'Task');
  assert.deepEqual(at(task, 'required'), ['spec']);
  const change = at(core.document, 'paths', '/v1/users/{user}/tasks/{task}', 'patch');
  const content = at(change, 'requestBody', 'content', 'application/json', 'schema');
  assert.equal(at(content, '$ref'), '#/components/schemas/Task.Patch');
  const partial = at(core.document, 'components', 'schemas', 'Task.Patch');
  assert.equal(at(partial, 'required'), undefined);
  const inner = at(partial, 'properties', 'status', '$ref');
  assert.equal(inner, '#/components/schemas/TaskStatus', 'what requires nothing has one form');
  const mask = objectsIn(at(change, 'parameters')).find(({ name }) => name === 'updateMask');
  assert.equal(mask?.in, 'query');
});

test('streams, uploads and downloads have their own media types', () => {
  const content = (path: string, verb: string, ...names: string[]) =>
    Object.keys(object(at(core.document, 'paths', path, verb, ...names, 'content')));
  assert.deepEqual(content('/v1/users/{user}/tasks:watch', 'get', 'responses', '200'), [
    'application/x-ndjson',
    'text/event-stream',
  ]);
  const upload = '/v1/users/{user}/models/{modelId}:upload';
  assert.deepEqual(content(upload, 'post', 'requestBody'), ['application/octet-stream']);
  assert.deepEqual(content('/v1/backup', 'get', 'responses', '200'), ['application/x-tar']);
});

test('codes that a comment names are statuses of the operation', () => {
  const operation = at(core.document, 'paths', '/v1/users/{user}/tasks', 'post');
  const statuses = Object.keys(object(at(operation, 'responses')));
  assert.deepEqual(statuses, ['200', '400', '401', '403', '409', '429', '431', 'default']);
});

test('64-bit integers, enums and well-known types are as they are written', () => {
  const field = (type: string, name: string) =>
    object(at(core.document, 'components', 'schemas', type, 'properties', name));
  assert.equal(field('Task', 'id').type, 'string');
  assert.equal(field('Task', 'id').readOnly, true);
  assert.equal(field('Task', 'createTime').format, 'date-time');
  assert.deepEqual(field('Task', 'labels').additionalProperties, { type: 'string' });
  assert.deepEqual(at(core.document, 'components', 'schemas', 'Until', 'enum'), [
    'UNTIL_UNSPECIFIED',
    'UNTIL_STOPPED',
    'UNTIL_END',
  ]);
  const datameer = documents.find(({ name }) => name === 'datameer')?.document;
  const id = at(datameer, 'components', 'schemas', 'JobStatus', 'properties', 'file-id');
  assert.equal(at(id, 'type'), 'integer');
});
