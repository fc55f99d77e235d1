import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DescMethod } from '@bufbuild/protobuf';
import { bindingsOf } from '../../../../src/transport/rest/routing/http-rule.js';
import { LibraryService } from '../gen/library/v1/library_pb.js';
import { methodWith, type Rule } from '../method-with.js';

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
