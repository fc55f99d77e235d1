import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLocalService } from '../../../src/demo/local-service.js';

/** Nobody listens there, and nobody has to. */
const brokers = '127.0.0.1:9';
const origin = 'https://console.example';

test('the service serves the documents of what it serves, and shares calls with listed origins', async () => {
  const flags = ['--dialects', 'opentox', '--cors-origin', origin];
  await using service = await startLocalService({ brokers, flags });
  for (const [path, status] of [
    ['/openapi.json', 200],
    ['/openapi/opentox.json', 200],
    ['/openapi/datameer.json', 404],
    ['/docs', 200],
    ['/docs/opentox', 200],
  ] as const) {
    assert.equal((await fetch(service.url + path)).status, status, path);
  }
  const preflight = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  for (const path of ['/predictd.v1.TaskService/ListTasks', '/v1/users/me/tasks']) {
    const answer = await fetch(service.url + path, { method: 'OPTIONS', headers: preflight });
    assert.equal(answer.status, 204, path);
    assert.equal(answer.headers.get('access-control-allow-origin'), origin, path);
    const refused = await fetch(service.url + path, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(refused.status, 401, path);
    assert.match(refused.headers.get('access-control-expose-headers') ?? '', /grpc-status/i, path);
  }
  const tooLong = await fetch(`${service.url}/task?query=${'x'.repeat(9_000)}`);
  assert.equal(tooLong.status, 414);
  assert.match(await tooLong.text(), /ErrorReport/, 'in the form of the dialect');
});

test('who turns reflection off does not want documents either', async () => {
  await using service = await startLocalService({ brokers, flags: ['--no-reflection'] });
  for (const path of ['/openapi.json', '/docs', '/openapi/opentox.json']) {
    assert.equal((await fetch(service.url + path)).status, 404, path);
  }
});
