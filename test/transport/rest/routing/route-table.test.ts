import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scanTarget } from '../../../../src/transport/rest/routing/path-scanner.js';
import { parseTemplate } from '../../../../src/transport/rest/routing/path-template.js';
import {
  createRouteTable,
  type RouteTable,
  type TableRoute,
} from '../../../../src/transport/rest/routing/route-table.js';

function tableOf(...routes: readonly string[]): RouteTable<TableRoute> {
  const table = createRouteTable<TableRoute>();
  for (const route of routes) {
    const [httpMethod = '', text = '', safe] = route.split(' ');
    table.add({ httpMethod, template: parseTemplate(text), safe: safe === 'safe' });
  }
  return table;
}

function find(table: RouteTable<TableRoute>, request: string): string {
  const [httpMethod = '', target = ''] = request.split(' ');
  const match = table.match(httpMethod, scanTarget(target));
  switch (match.type) {
    case 'found':
      return `${match.route.httpMethod} ${match.route.template.text}`;
    case 'wrong-method':
      return `405 ${match.allowed.join(',')}`;
    case 'none':
      return '404';
  }
}

describe('a route table', () => {
  const table = tableOf(
    'GET /v1/tasks safe',
    'POST /v1/tasks',
    'GET /v1/tasks/{id} safe',
    'DELETE /v1/tasks/{id}',
    'POST /v1/tasks/{id}:start',
    'POST /v1/tasks:batch',
    'GET /v1/tasks/mine',
    'POST /v1/tasks/mine/x',
    'GET /v1/tasks/{id}/{part}',
    'GET /v1/{rest=**}',
    'POST /v1/{rest=**}:archive',
    'GET /files/{path=**}/status',
    'GET /files/{path=**}',
    'GET /files/{path=**}/part/{n}',
    'PURGE /v1/cache',
    '* /any/{x}',
    'GET /any/{x}',
    'GET /a%2fb/caf%C3%A9',
  );
  const cases: readonly [request: string, route: string][] = [
    ['GET /v1/tasks', 'GET /v1/tasks'],
    ['HEAD /v1/tasks', 'GET /v1/tasks'],
    ['GET /v1/tasks/7', 'GET /v1/tasks/{id}'],
    ['GET /v1/tasks/mine', 'GET /v1/tasks/mine'],
    ['GET /v1/tasks/%6dine', 'GET /v1/tasks/mine'],
    // The literal has no DELETE, so the search goes back to the variable.
    ['DELETE /v1/tasks/mine', 'DELETE /v1/tasks/{id}'],
    ['GET /v1/tasks/mine/x', 'GET /v1/tasks/{id}/{part}'],
    ['GET /v1/tasks/mine/x/y', 'GET /v1/{rest=**}'],
    ['GET /v1', 'GET /v1/{rest=**}'],
    ['POST /v1/tasks/7:start', 'POST /v1/tasks/{id}:start'],
    ['POST /v1/tasks/a:b:start', 'POST /v1/tasks/{id}:start'],
    ['POST /v1/tasks/7:%73tart', 'POST /v1/tasks/{id}:start'],
    ['GET /v1/tasks/7:start', '405 OPTIONS,POST'],
    // Verbs nobody registered, and escaped colons, belong to the id.
    ['GET /v1/tasks/urn:task:7', 'GET /v1/tasks/{id}'],
    ['GET /v1/tasks/7%3Astart', 'GET /v1/tasks/{id}'],
    ['GET /v1/tasks/7:', 'GET /v1/tasks/{id}'],
    ['GET /v1/tasks/:start', 'GET /v1/tasks/{id}'],
    ['GET /v1/tasks/7:batch', 'GET /v1/tasks/{id}'],
    ['POST /v1/tasks:batch', 'POST /v1/tasks:batch'],
    ['POST /v1/x/y:archive', 'POST /v1/{rest=**}:archive'],
    ['POST /v1:archive', 'POST /v1/{rest=**}:archive'],
    ['PUT /v1/tasks/7', '405 DELETE,GET,HEAD,OPTIONS'],
    ['HEAD /v1/tasks/mine', 'GET /v1/tasks/{id}'],
    ['HEAD /v1/cache', '405 GET,OPTIONS,PURGE'],
    ['PURGE /v1/cache', 'PURGE /v1/cache'],
    ['BREW /any/7', '* /any/{x}'],
    ['GET /any/7', 'GET /any/{x}'],
    ['HEAD /any/7', '* /any/{x}'],
    ['GET /files/a/b', 'GET /files/{path=**}'],
    ['GET /files/a/b/status', 'GET /files/{path=**}/status'],
    ['GET /files/status/status', 'GET /files/{path=**}/status'],
    ['GET /files/status', 'GET /files/{path=**}/status'],
    ['GET /files/a/part/3', 'GET /files/{path=**}/part/{n}'],
    ['GET /files', 'GET /files/{path=**}'],
    ['GET /A%2FB/caf%c3%a9', '404'],
    ['GET /a%2Fb/caf%c3%a9', 'GET /a%2fb/caf%C3%A9'],
    ['GET /a%252Fb/caf%c3%a9', '404'],
    ['GET /a/b/caf%c3%a9', '404'],
    ['GET /nowhere', '404'],
    ['GET /', '404'],
    ['GET /any/', '404'],
    ['GET /any//', '404'],
  ];
  for (const [request, route] of cases) {
    test(`${request} leads to ${route}`, () => {
      assert.equal(find(table, request), route);
    });
  }

  test('gives the segments of a match without its verb', () => {
    const match = table.match('POST', scanTarget('/v1/tasks/a:b:start'));
    assert.deepEqual(match.type === 'found' && match.segments, ['v1', 'tasks', 'a:b']);
  });

  const clashes: readonly [one: string, other: string][] = [
    ['GET /v1/{a}', 'GET /v1/{b}'],
    ['GET /v1/{a}', 'GET /v1/*'],
    ['GET /v1/{a=x/*}', 'GET /v1/x/{b}'],
    ['* /v1/{a=**}', '* /v1/**'],
    ['POST /v1/{a}:go', 'POST /v1/{b}:go'],
    ['GET /caf%c3%a9', 'GET /caf%C3%A9'],
  ];
  for (const [one, other] of clashes) {
    test(`refuses ${other} beside ${one}`, () => {
      assert.throws(() => tableOf(one, other), /is declared twice: "\/.+" and "\/.+"/);
    });
  }

  test('tells apart what only looks alike', () => {
    tableOf('GET /v1/{a}', 'POST /v1/{a}', '* /v1/{a}', 'GET /v1/{a=**}', 'GET /v1/{a}:go');
    tableOf('GET /v1/%2A', 'GET /v1/*', 'GET /v1/a%3Ago', 'GET /v1/a:go');
  });

  test('names the routes near a path that matches none', () => {
    const near = (path: string) => table.near(path).map((route) => route.template.text);
    assert.deepEqual(near('/files/../x'), [
      '/files/{path=**}/status',
      '/files/{path=**}',
      '/files/{path=**}/part/{n}',
    ]);
    assert.deepEqual(near('/any/%zz'), ['/any/{x}', '/any/{x}']);
    assert.deepEqual(tableOf('GET /{a}/b').near('/x/b/..').length, 1);
    assert.deepEqual(tableOf('GET /{a}/b', 'GET /c').near('/x').length, 2);
    assert.equal(near('nonsense').length, 18);
  });

  test('answers a long path of colons and slashes at once', () => {
    const started = performance.now();
    assert.equal(find(table, `GET /none${'/a:b'.repeat(20_000)}`), '404');
    assert.equal(
      find(table, `GET /files${'/status'.repeat(20_000)}`),
      'GET /files/{path=**}/status',
    );
    assert.ok(performance.now() - started < 1_000);
  });
});
