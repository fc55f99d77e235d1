import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { rpcTracing } from '../../src/telemetry/rpc-tracing.js';
import { baseInterceptors } from '../../src/transport/server/interceptors.js';
import { eventually } from '../support/eventually.js';
import { EchoService } from '../transport/server/echo-service.js';
import { startEcho } from '../transport/server/harness.js';

const log = { info() {}, warn() {}, error() {} };

/** A client of a traced server whose stream gives one message, then fails or waits for its end. */
async function traced(t: TestContext, outermost: readonly Interceptor[] = []) {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const complaints: string[] = [];
  const complain = (message: string) => void complaints.push(message);
  const quiet = () => undefined;
  diag.setLogger(
    { error: complain, warn: complain, info: quiet, debug: quiet, verbose: quiet },
    DiagLogLevel.WARN,
  );
  t.after(() => diag.disable());
  const { url } = await startEcho(
    t,
    {
      async *pour({ value }, { signal }) {
        yield create(BytesValueSchema, { value: Buffer.from(value) });
        if (value === 'refused') throw new ConnectError('no', Code.PermissionDenied);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
    {
      interceptors: [
        ...outermost,
        rpcTracing(provider.getTracer('test')),
        ...baseInterceptors(log),
      ],
    },
  );
  /** The codes with which spans ended, once there are as many. */
  const codes = async (count: number) => {
    const ended = () => exporter.getFinishedSpans();
    await eventually(() => ended().length >= count, { deadlineMs: 10_000, what: 'ended spans' });
    return ended().map(({ attributes }) => attributes['rpc.connect_rpc.error_code']);
  };
  return {
    client: createClient(EchoService, createGrpcTransport({ baseUrl: url })),
    codes,
    complaints,
  };
}

test('a stream that fails ends its span once, with the code that the caller is told', async (t) => {
  const { client, codes, complaints } = await traced(t);
  await assert.rejects(async () => {
    for await (const _ of client.pour({ value: 'refused' }));
  });
  const leave = new AbortController();
  const left = client.pour({ value: 'left' }, { signal: leave.signal })[Symbol.asyncIterator]();
  await left.next();
  leave.abort();
  await left.next().catch(() => undefined);
  assert.deepEqual(await codes(2), ['permission_denied', 'canceled']);
  assert.deepEqual(complaints, []);
});

test('a stream that nobody reads ends its span when the call ends', async (t) => {
  const late: Interceptor = (next) => async (req) => {
    await next(req);
    throw new ConnectError('too late', Code.DeadlineExceeded);
  };
  const { client, codes, complaints } = await traced(t, [late]);
  await assert.rejects(async () => {
    for await (const _ of client.pour({ value: 'unread' }));
  });
  assert.deepEqual(await codes(1), ['deadline_exceeded']);
  assert.deepEqual(complaints, []);
});
