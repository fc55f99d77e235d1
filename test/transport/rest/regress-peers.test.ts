import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, createRegistry, type Message } from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { bindRequest } from '../../../src/transport/rest/bind-request.js';
import type { DecodedBody } from '../../../src/transport/rest/representation.js';
import { bindingsOf } from '../../../src/transport/rest/routing/http-rule.js';
import { scanQuery, scanTarget } from '../../../src/transport/rest/routing/path-scanner.js';
import { parseTemplate } from '../../../src/transport/rest/routing/path-template.js';
import {
  createRouteTable,
  type TableRoute,
} from '../../../src/transport/rest/routing/route-table.js';
import { EchoRequest_InnerSchema } from './gen/library/v1/library_pb.js';
import { methodWith, type Rule } from './method-with.js';

/** Faults that other transcoders were reported to have, named by where they were reported. */

const options = {
  registry: createRegistry(),
  ignoreUnknownQuery: false,
  ignoreUnknownFields: false,
  ownQuery: new Set<string>(),
};

function bind(rule: Rule, target: string, body: DecodedBody = { type: 'empty' }): Message {
  const [binding] = bindingsOf(methodWith('Echo', rule));
  assert.ok(binding);
  const { segments, rawQuery } = scanTarget(target);
  return bindRequest(binding, { segments, query: scanQuery(rawQuery, 100), body }, options);
}

const get = (value: string): Rule => ({ pattern: { case: 'get', value } });
const post = (value: string): Rule => ({ pattern: { case: 'post', value }, body: '*' });

describe('what went wrong elsewhere', () => {
  test('vanguard-go 190: an escaped slash in a bounded capture of several segments stays escaped', () => {
    const message = bind(get('/v1/{text=shelves/*/books/*}'), '/v1/shelves/a%2Fb/books/c%20d');
    assert.equal('text' in message && message.text, 'shelves/a%2Fb/books/c d');
  });

  test('vanguard-go 170: an id may contain colons', () => {
    const table = createRouteTable<TableRoute>();
    table.add({ httpMethod: 'GET', template: parseTemplate('/v1/{id}'), safe: true });
    table.add({ httpMethod: 'POST', template: parseTemplate('/v1/{id}:cancel'), safe: false });
    for (const id of ['urn:uuid:7', 'a:', ':a', 'a:cancelled', 'a::b']) {
      const match = table.match('GET', scanTarget(`/v1/${id}`));
      assert.deepEqual(match.type === 'found' && match.segments, ['v1', id]);
    }
  });

  test('grpc-gateway 492: repeated messages in a query are refused, not dropped', () => {
    assert.throws(() => bind(get('/v1'), '/v1?inners.label=a&inners.label=b'), ConnectError);
  });

  test('grpc-gateway 753: a message inside a oneof takes its fields from a query', () => {
    const message = bind(get('/v1'), '/v1?by_inner.label=a&byInner.level=2');
    const choice = 'choice' in message ? message.choice : undefined;
    assert.deepEqual(choice, {
      case: 'byInner',
      value: create(EchoRequest_InnerSchema, { label: 'a', level: 2 }),
    });
  });

  test('grpc-gateway 6416: an optional field may be bound to the path', () => {
    const message = bind(get('/v1/{maybe}'), '/v1/0');
    assert.equal('maybe' in message && message.maybe, 0);
  });

  test('grpc-gateway 7207: a member of a oneof in the path is neither lost nor doubled', () => {
    const message = bind(get('/v1/{by_name}'), '/v1/a');
    assert.deepEqual('choice' in message && message.choice, { case: 'byName', value: 'a' });
    assert.throws(() => bind(get('/v1/{by_name}'), '/v1/a?by_number=1'), ConnectError);
    const body: DecodedBody = { type: 'json', value: { byNumber: 1 } };
    const posted = bind(post('/v1/{by_name}'), '/v1/a', body);
    assert.deepEqual('choice' in posted && posted.choice, { case: 'byName', value: 'a' });
  });
});
