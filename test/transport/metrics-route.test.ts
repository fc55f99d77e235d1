import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createServiceMetrics } from '../../src/telemetry/service-metrics.js';
import { openMetrics } from '../../src/transport/metrics-route.js';

test('a scrape is packed for those only who take it so', async (t) => {
  const { registry } = createServiceMetrics({ version: '0', dataDirectory: '.', tasksMax: 1 });
  const metrics = openMetrics({ registry, sampleTasks: async () => [], now: Date.now });
  const server = createServer((req, res) => void metrics(req, res));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const encodingFor = async (accepted: string) => {
    const answer = await fetch(url, { headers: { 'accept-encoding': accepted } });
    assert.match(await answer.text(), /^predictd_build_info\{/m);
    return answer.headers.get('content-encoding');
  };
  assert.equal(await encodingFor('deflate, gzip;q=0.5'), 'gzip');
  assert.equal(await encodingFor('gzip;q=0'), null);
  assert.equal(await encodingFor('identity'), null);
});
