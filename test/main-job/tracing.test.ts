import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { eventually } from '../support/eventually.js';
import { kafkaForTests } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

/** A collector that keeps the spans that it is sent. */
async function collector(t: TestContext) {
  const spans: OtlpSpan[] = [];
  const server = createServer(async (req, res) => {
    const sent = JSON.parse(await text(req)) as {
      readonly resourceSpans: readonly {
        readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
      }[];
    };
    for (const { scopeSpans } of sent.resourceSpans) {
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    res.setHeader('content-type', 'application/json').end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { spans, url: `http://127.0.0.1:${port}` };
}

const setup = fileURLToPath(new URL('../telemetry/otel-setup.js', import.meta.url));
const good = '{"features":[5.1,3.5,1.4,0.2]}';
const own = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const callers = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
const header = ({ traceId, spanId }: typeof own) => `00-${traceId}-${spanId}-01`;

/**
 * Starts a task on a record that belongs to a trace and on one that does not; answers what was written. The task goes on: a
 * thread that ends takes along what it has not sent to the collector yet.
 */
async function predicted(t: TestContext, flags: readonly string[], env: Record<string, string>) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags, env });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const topic = await kafka.createTopic({ prefix: 'traced' });
  const { tasks } = under.connection;
  await under.define('traced', { topic });
  await kafka.produceRecords(topic, [
    { value: good, headers: { traceparent: header(own) } },
    { value: good },
  ]);
  const headers = { traceparent: header(callers) };
  await tasks.startTask({ name: taskName('traced') }, { headers });
  await under.reach('traced', [State.RUNNING]);
  const out = await kafka.readCommitted(`${topic}-out`, { until: 2 });
  const written = out.map(({ headers }) => headers.traceparent?.toString());
  return { topic, written };
}

test('a trace goes from a call to the runner, and over Kafka to the records', async (t) => {
  const { spans, url } = await collector(t);
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '200' };
  const { topic, written } = await predicted(t, ['--tracing', setup], env);
  const named = (name: string) =>
    eventually(() => spans.find((span) => span.name === name), {
      deadlineMs: 20_000,
      what: `the span ${name}`,
    });
  const call = await named('predictd.v1.TaskService/StartTask');
  assert.deepEqual([call.traceId, call.parentSpanId], [callers.traceId, callers.spanId]);
  const start = await named('start runner');
  assert.deepEqual([start.traceId, start.parentSpanId], [callers.traceId, call.spanId]);
  const prepare = await named('prepare runner');
  assert.deepEqual([prepare.traceId, prepare.parentSpanId], [callers.traceId, start.spanId]);
  await named(`process ${topic}`);
  const batches = spans.filter(({ name }) => name === `process ${topic}`);
  const links = batches.flatMap(({ links = [] }) => links);
  assert.deepEqual(
    links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    [own],
  );
  assert.equal(written[0], header(own), 'a record that is traced keeps its trace');
  const [, traceId, spanId] = written[1]?.split('-') ?? [];
  assert.ok(batches.some((batch) => batch.traceId === traceId && batch.spanId === spanId));
});

test('without tracing, records are given no header and keep their own', async (t) => {
  const { written } = await predicted(t, [], {});
  assert.deepEqual(written, [header(own), undefined]);
});
