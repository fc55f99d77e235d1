import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  clone,
  create,
  createFileRegistry,
  type DescFile,
  type DescMethod,
  type MessageInitShape,
  setExtension,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, MethodOptionsSchema } from '@bufbuild/protobuf/wkt';
import { http } from '../../../../gen/ts/google/api/annotations_pb.js';
import { HttpRuleSchema } from '../../../../gen/ts/google/api/http_pb.js';
import { bindingsOf } from '../../../../src/transport/rest/routing/http-rule.js';
import { file_library_v1_library, LibraryService } from '../gen/library/v1/library_pb.js';

/** The method of the library with another rule. */
function methodWith(name: string, rule: MessageInitShape<typeof HttpRuleSchema>): DescMethod {
  const proto = clone(FileDescriptorProtoSchema, file_library_v1_library.proto);
  const method = proto.service[0]?.method.find((each) => each.name === name);
  assert.ok(method);
  method.options = create(MethodOptionsSchema);
  setExtension(method.options, http, create(HttpRuleSchema, rule));
  const registry = createFileRegistry(proto, (path) => findFile(file_library_v1_library, path));
  const found = registry
    .getService('library.v1.LibraryService')
    ?.methods.find((each) => each.name === name);
  assert.ok(found);
  return found;
}

function findFile(file: DescFile, path: string): DescFile | undefined {
  const name = path.replace(/\.proto$/, '');
  return file.name === name
    ? file
    : file.dependencies.map((each) => findFile(each, path)).find((each) => each !== undefined);
}

describe('the rules of a method', () => {
  test('are none without the option', () => {
    const { options: _, ...rest } = LibraryService.method.getBook.proto;
    const bare: DescMethod = { ...LibraryService.method.getBook, proto: { ...rest } };
    assert.deepEqual(bindingsOf(bare), []);
  });

  test('come with their additional bindings, in order', () => {
    const bindings = bindingsOf(LibraryService.method.echo);
    assert.deepEqual(
      bindings.map(({ httpMethod, template, body }) => [httpMethod, template.text, body.type]),
      [
        ['GET', '/v1/echo', 'none'],
        ['POST', '/v1/echo', 'message'],
        ['POST', '/v1/echo/{text}', 'message'],
        ['*', '/v1/anything/{text=**}', 'none'],
        ['PURGE', '/v1/echo', 'none'],
        ['GET', '/v1/files/{text=**}/status', 'none'],
      ],
    );
    assert.ok(bindings.every(({ safe }) => safe));
  });

  test('know where bodies go and whether they are raw', () => {
    const facts = (name: keyof typeof LibraryService.method) =>
      bindingsOf(LibraryService.method[name]).map((binding) => [
        binding.body.type === 'field' ? binding.body.field.name : binding.body.type,
        binding.rawBody,
        binding.responseField?.name,
        binding.rawResponse,
      ])[0];
    assert.deepEqual(facts('createBook'), ['book', false, undefined, false]);
    assert.deepEqual(facts('listBooks'), ['none', false, 'books', false]);
    assert.deepEqual(facts('getCover'), ['none', false, undefined, true]);
    assert.deepEqual(facts('putCover'), ['cover', true, undefined, false]);
    assert.deepEqual(facts('shout'), ['message', true, undefined, true]);
  });

  type Rule = Exclude<MessageInitShape<typeof HttpRuleSchema>, { $typeName: string }>;
  const get = (path: string): Rule => ({ pattern: { case: 'get', value: path } });
  const post = (path: string, body: string): Rule => ({
    pattern: { case: 'post', value: path },
    body,
  });
  const faults: readonly [method: string, rule: Rule, problem: RegExp][] = [
    ['GetBook', {}, /LibraryService\.GetBook: google\.api\.http: has no pattern/],
    ['GetBook', get('v1'), /column 1/],
    ['GetBook', get('/v1/{title}'), /path variable title in .*GetBookRequest: has no such field/],
    ['Echo', get('/v1/{inner}'), /is a message/],
    ['Echo', get('/v1/{words}'), /is a repeated field/],
    ['Echo', get('/v1/{labels}'), /is a map or repeated message field/],
    ['Echo', get('/v1/{inners.label}'), /has no such field/],
    ['Echo', get('/v1/{time.seconds}'), /has no such field/],
    ['CreateBook', post('/v1', 'nothing'), /body "nothing" is not a field/],
    ['CreateBook', post('/v1', 'book.title'), /body "book\.title" is not a field/],
    ['CreateBook', { ...get('/v1'), responseBody: 'nothing' }, /response_body "nothing"/],
    ['UploadText', post('/v1', '*'), /needs google\.api\.HttpBody/],
    ['UploadText', get('/v1'), /needs google\.api\.HttpBody/],
    [
      'GetBook',
      { ...get('/v1'), additionalBindings: [{ ...get('/v2'), additionalBindings: [get('/v3')] }] },
      /must not be nested/,
    ],
    [
      'GetBook',
      { pattern: { case: 'custom', value: { kind: 'A B', path: '/v1' } } },
      /custom kind/,
    ],
    ['GetBook', { pattern: { case: 'custom', value: { kind: '', path: '/v1' } } }, /custom kind/],
  ];
  for (const [method, rule, problem] of faults) {
    test(`are refused: ${method} ${problem.source}`, () => {
      assert.throws(() => bindingsOf(methodWith(method, rule)), problem);
    });
  }

  test('may name path fields in their JSON spelling and go down into messages', () => {
    const [binding] = bindingsOf(methodWith('Echo', get('/v1/{inner.inner.level}/{boxedLong}')));
    assert.deepEqual(
      binding?.variables.map(({ field }) => field.map(({ name }) => name)),
      [['inner', 'inner', 'level'], ['boxed_long']],
    );
  });
});
