import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema, StringValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createConnectTransport, createGrpcTransport } from '@connectrpc/connect-node';
import { rpcMetrics } from '../../src/telemetry/rpc-metrics.js';
import { createServiceMetrics } from '../../src/telemetry/service-metrics.js';
import { baseInterceptors } from '../../src/transport/server/interceptors.js';
import { eventually } from '../support/eventually.js';
import { readScrape } from '../support/scrape.js';
import { EchoService } from '../transport/server/echo-service.js';
import { startEcho } from '../transport/server/harness.js';

const log = { info() {}, warn() {}, error() {} };
const value = 'x';

test('calls are counted by code over every protocol, and streams that are left are cancelled', async (t) => {
  const metrics = createServiceMetrics({ version: '0', dataDirectory: '.', tasksMax: 1 });
  const interceptors = [rpcMetrics(metrics.calls), ...baseInterceptors(log)];
  const { url } = await startEcho(
    t,
    {
      say(req) {
        if (req.value === 'refused') throw new ConnectError('no', Code.PermissionDenied);
        if (req.value === 'broken') throw new Error('oops');
        return create(StringValueSchema, { value });
      },
      async *pour(_req, { signal }) {
        yield create(BytesValueSchema, { value: Buffer.from(value) });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
    { interceptors },
  );
  const seen = async () => readScrape(await metrics.registry.metrics());
  const count = async (method: string, code: string) =>
    (await seen()).value('predictd_rpc_requests_total', {
      service: EchoService.typeName,
      method,
      code,
    });
  for (const transport of [
    createConnectTransport({ baseUrl: url, httpVersion: '1.1' }),
    createGrpcTransport({ baseUrl: url }),
  ]) {
    const client = createClient(EchoService, transport);
    await client.say({ value });
    await assert.rejects(client.say({ value: 'refused' }));
    await assert.rejects(client.say({ value: 'broken' }));
  }
  assert.deepEqual([await count('Say', 'ok'), await count('Say', 'permission_denied')], [2, 2]);
  assert.equal(await count('Say', 'internal'), 2);

  const client = createClient(EchoService, createGrpcTransport({ baseUrl: url }));
  const leave = new AbortController();
  const first = client.pour({ value }, { signal: leave.signal })[Symbol.asyncIterator]();
  await first.next();
  const method = { service: EchoService.typeName, method: 'Pour' };
  assert.equal((await seen()).value('predictd_rpc_in_flight', method), 1);
  leave.abort();
  await first.next().catch(() => undefined);
  await eventually(async () => (await count('Pour', 'canceled')) === 1, {
    deadlineMs: 10_000,
    what: 'the end of a stream',
  });
  assert.equal((await seen()).value('predictd_rpc_in_flight', method), 0);
});
