import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError } from '@connectrpc/connect';
import { readSequenceBody } from '../../../src/transport/datameer/sequence-body.js';

const read = (text: string) => readSequenceBody(Buffer.from(text));

test('D23: the body is read as it is documented, though it is no JSON', () => {
  assert.deepEqual(read('{ variables : { "foo": "fooValue" }, "fileIds" : [4, ]}'), {
    variables: { foo: 'fooValue' },
    fileIds: [4],
  });
});

test('plain JSON, comments, numbers as values and ids as texts are read as well', () => {
  const text = '{"variables": {"n": 1.5, "on": true}, /* two */ "fileIds": ["4", 5], more: 1}';
  assert.deepEqual(read(text), { variables: { n: '1.5', on: 'true' }, fileIds: [4, 5] });
  assert.deepEqual(read(' '), { variables: {}, fileIds: [] });
  assert.deepEqual(read('{}'), { variables: {}, fileIds: [] });
});

test('what is no such body is refused in words', () => {
  const cases = [
    '[]',
    '4',
    '{',
    '{variables: 1}',
    '{variables: {a: {}}}',
    '{variables: {a: null}}',
    '{fileIds: 4}',
    '{fileIds: [0]}',
    '{fileIds: [1.5]}',
    '{fileIds: [Infinity]}',
    '{fileIds: ["x"]}',
    '{fileIds: [-4]}',
    '{fileIds: [1e300]}',
    '['.repeat(60_000),
  ];
  for (const text of cases) {
    assert.throws(() => read(text), ConnectError, text.slice(0, 40));
  }
  assert.throws(() => readSequenceBody(Buffer.from([0x7b, 0xff, 0x7d])), /UTF-8/);
});

test('a name out of the language does not reach its objects', () => {
  const { variables } = read('{ variables: { __proto__: "x", constructor: "y" } }');
  assert.deepEqual(Object.keys(variables ?? {}), ['__proto__', 'constructor']);
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false);
});
