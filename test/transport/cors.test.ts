import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { corsHeaders, isForeign, preflightHeaders } from '../../src/transport/cors.js';

const origin = 'https://console.example';
const cors = { origins: [origin], exposedHeaders: ['location'] };

describe('cross-origin sharing', () => {
  test('is off without a list of origins', () => {
    assert.deepEqual(corsHeaders(undefined, new Headers({ origin })), {});
    assert.deepEqual(preflightHeaders(undefined, new Headers({ origin }), ['GET']), {});
  });

  test('shares with listed origins only, and always says that answers vary', () => {
    assert.deepEqual(corsHeaders(cors, new Headers({ origin })), {
      vary: 'origin',
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'location',
    });
    for (const other of ['https://evil.example', 'null', `${origin}.evil.example`, '*']) {
      assert.deepEqual(corsHeaders(cors, new Headers({ origin: other })), { vary: 'origin' });
    }
    assert.deepEqual(corsHeaders(cors, new Headers()), { vary: 'origin' });
  });

  test('answers a preflight with the methods of the path', () => {
    const header = new Headers({ origin, 'access-control-request-headers': 'authorization' });
    const headers = preflightHeaders({ ...cors, credentials: true }, header, ['GET', 'POST']);
    assert.equal(headers['access-control-allow-methods'], 'GET, POST');
    assert.equal(headers['access-control-allow-headers'], 'authorization');
    assert.equal(headers['access-control-allow-credentials'], 'true');
    assert.equal(headers['access-control-max-age'], '7200');
  });
});

describe('a call that may change something', () => {
  const url = 'http://127.0.0.1:8080/v1/x';
  const allowed: readonly Record<string, string>[] = [
    {},
    { origin: 'http://127.0.0.1:8080' },
    { origin },
    { origin, 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'same-origin' },
  ];
  const refused: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:8081' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://127.0.0.1:8080', 'sec-fetch-site': 'cross-site' },
  ];
  for (const headers of allowed) {
    test(`may come with ${JSON.stringify(headers)}`, () => {
      assert.equal(isForeign(cors, new Headers(headers), url), false);
    });
  }
  for (const headers of refused) {
    test(`may not come with ${JSON.stringify(headers)}`, () => {
      assert.equal(isForeign(cors, new Headers(headers), url), true);
    });
  }
});
