import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  captureRange,
  parseTemplate,
} from '../../../../src/transport/rest/routing/path-template.js';

describe('a path template', () => {
  const shapes: readonly [template: string, shape: string][] = [
    ['/', '/'],
    ['/v1', '/v1'],
    ['/v1/*', '/v1/*'],
    ['/v1/**', '/v1/**'],
    ['/v1/{name}', '/v1/*'],
    ['/v1/{name=*}', '/v1/*'],
    ['/v1/{name=**}', '/v1/**'],
    ['/v1/{name=shelves/*/books/*}', '/v1/shelves/*/books/*'],
    ['/v1/{a.b.c=x}/y', '/v1/x/y'],
    ['/v1/{a}/{b=**}:verb', '/v1/*/**:verb'],
    ['/v1:batch', '/v1:batch'],
    ['/files/{path=**}/status', '/files/**/status'],
    ["/a-b.c_d~!$&'()+,;=@", "/a-b.c_d~!$&'()+,;=@"],
    ['/caf%C3%A9', '/café'],
    ['/a%2fb', '/a%2Fb'],
    ['/a%3Ab', '/a%3Ab'],
    ['/a%2Ab', '/a%2Ab'],
    ['/a%2525b', '/a%2525b'],
  ];
  for (const [template, shape] of shapes) {
    test(`${template} has the shape ${shape}`, () => {
      assert.equal(parseTemplate(template).shape, shape);
    });
  }

  const faults: readonly [template: string, problem: string][] = [
    ['', 'column 1: expected "/"'],
    ['v1', 'column 1: expected "/"'],
    ['//', 'column 2: expected a segment'],
    ['/v1/', 'column 5: expected a segment'],
    ['/v1//x', 'column 5: expected a segment'],
    ['/v1/{', 'column 6: expected a field name'],
    ['/v1/{1a}', 'column 6: expected a field name'],
    ['/v1/{a.}', 'column 8: expected a field name'],
    ['/v1/{a', 'column 7: expected "}"'],
    ['/v1/{a=}', 'column 8: expected a segment'],
    ['/v1/{a=/x}', 'column 8: expected a segment'],
    ['/v1/{a={b}}', 'column 8: variable "a" must not contain a variable'],
    ['/v1/{a}{b}', 'column 8: unexpected "{"'],
    ['/v1/{a}b', 'column 8: unexpected "b"'],
    ['/v1/{a}/{a}', 'column 11: variable "a" occurs twice'],
    ['/v1/***', 'column 7: unexpected "*"'],
    ['/v1/a*', 'column 6: unexpected "*"'],
    ['/v1/**/x/**', 'column 10: "**" must not occur twice'],
    ['/v1/a:', 'column 7: expected a verb'],
    ['/v1/a:b:c', 'column 8: unexpected ":"'],
    ['/v1/a:b/c', 'column 8: unexpected "/"'],
    ['/v1/{a=b:c}', 'column 9: expected "}"'],
    ['/v1/a%2', 'column 6: unexpected "%"'],
    ['/v1/%ff', 'column 8: invalid escape in "%ff"'],
    ['/v1/a b', 'column 6: unexpected " "'],
    ['/v1/é', 'column 5: expected a segment'],
    ['/v1/../x', 'column 7: a literal must not be a dot segment'],
  ];
  for (const [template, problem] of faults) {
    test(`"${template}" is refused at ${problem}`, () => {
      const message = `path template "${template}", ${problem}`;
      assert.throws(() => parseTemplate(template), { message });
    });
  }

  test('knows which segments its variables capture', () => {
    const { variables, verb } = parseTemplate('/v1/{a}/x/{b.c=y/*}/{d=**}:go');
    assert.equal(verb, 'go');
    assert.deepEqual(variables, [
      { fieldPath: 'a', start: 1, end: 2, spansSegments: false },
      { fieldPath: 'b.c', start: 3, end: 5, spansSegments: true },
      { fieldPath: 'd', start: 5, end: 6, spansSegments: true },
    ]);
  });

  test('shifts what follows a "**" by the segments that it takes', () => {
    const template = parseTemplate('/{a}/{b=x/**}/{c}');
    const ranges = (length: number) =>
      template.variables.map((variable) => captureRange(template, variable, length));
    assert.deepEqual(ranges(3), [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    assert.deepEqual(ranges(4), [
      [0, 1],
      [1, 3],
      [3, 4],
    ]);
    assert.deepEqual(ranges(7), [
      [0, 1],
      [1, 6],
      [6, 7],
    ]);
  });
});
