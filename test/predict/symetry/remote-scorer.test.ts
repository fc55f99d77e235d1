import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { createEgressPolicy } from '../../../src/domain/egress.js';
import { createSocketFactory } from '../../../src/kafka/egress.js';
import type { SourceRecord } from '../../../src/kafka/source-record.js';
import type { RemoteCalls } from '../../../src/predict/remote/call-guard.js';
import {
  PredictorRefusedError,
  PredictorUnreachableError,
} from '../../../src/predict/remote/errors.js';
import { RemoteScorer } from '../../../src/predict/symetry/remote-scorer.js';

interface Frame {
  readonly attributeNames: readonly string[];
  readonly attributeTypes: readonly string[];
  readonly data: readonly (readonly string[])[];
}

type Answer = readonly [status: number, statusString: string, maps?: readonly object[]];

/** A server that answers frames as a test says, and keeps them. */
async function startServer(t: TestContext, answer: (frame: Frame) => Answer) {
  const frames: Frame[] = [];
  const paths: string[] = [];
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const frame: Frame = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    frames.push(frame);
    paths.push(req.url ?? '');
    const [status, statusString, maps] = answer(frame);
    const values = maps ? { KSVSMap: { values: maps } } : {};
    res.writeHead(status, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ statusCode: 'X', statusString, values }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { address: `127.0.0.1:${port}`, frames, paths };
}

function scorerOf(address: string, features: readonly string[] = [], allowed = address) {
  const predictor = {
    type: 'symetry',
    url: `http://${address}/base/`,
    user: 'user 1',
    secretKey: 'AAECAwQFBgcICQoLDA0ODw==',
    project: 'p/1',
    model: 'm1',
    features,
  } as const;
  const source = { format: 'JSON', schemaRegistryUrl: '' } as const;
  const sink = { format: 'JSON', topic: 'out' } as const;
  const factory = createSocketFactory(createEgressPolicy([], [allowed]));
  const calls: RemoteCalls = { run: (attempt) => attempt() };
  return new RemoteScorer({ predictor, source, sink }, { socketFactory: factory, calls });
}

function recordOf(value: unknown): SourceRecord {
  const bytes = Buffer.from(JSON.stringify(value));
  const facts = { keyStart: 0, keyLength: -1, headersStart: 0, headersEnd: 0, timestampMs: 0 };
  return { bytes, valueStart: 0, valueLength: bytes.length, ...facts };
}

async function score(scorer: RemoteScorer, values: readonly unknown[]) {
  const records = values.map(recordOf);
  const outcomes: string[] = [];
  await scorer.score(records, {
    predicted: (record, { bytes, length }) => {
      outcomes[records.indexOf(record)] = bytes.toString('utf8', 0, length);
    },
    bad: (record, { reason }) => {
      outcomes[records.indexOf(record)] = reason;
    },
  });
  return outcomes;
}

const echo = ({ data }: Frame): Answer => [200, 'OK', data.map(([cell]) => ({ res: cell }))];

test('a batch is one call, with the types of its columns', async (t) => {
  const server = await startServer(t, echo);
  const values = [
    { n: 1.5, flag: true, text: 'a', mixed: 1 },
    { n: null, flag: false, text: '', mixed: 'x', more: 2 },
  ];
  assert.deepEqual(await score(scorerOf(server.address), values), ['{"res":"1.5"}', '{"res":""}']);
  assert.deepEqual(server.frames, [
    {
      attributeNames: ['n', 'flag', 'text', 'mixed', 'more'],
      attributeTypes: ['C', 'B', 'S', 'S', 'C'],
      data: [
        ['1.5', '1', 'a', '1', ''],
        ['', '0', '', 'x', '2'],
      ],
    },
  ]);
  assert.deepEqual(server.paths, ['/base/symetry/rest/user%201/projects/p%2F1/predict/m1']);
});

test('only named features are sent, in their order', async (t) => {
  const server = await startServer(t, echo);
  const scorer = scorerOf(server.address, ['b', 'a']);
  const outcomes = await score(scorer, [{ a: 1, b: 2, c: [] }, { a: 3 }, { a: [] }]);
  assert.deepEqual(outcomes, ['{"res":"2"}', '{"res":""}', 'WRONG_TYPE']);
  assert.deepEqual(server.frames[0]?.data, [
    ['2', '1'],
    ['', '3'],
  ]);
});

test('rows that the server refuses are found, and the others are predicted', async (t) => {
  const server = await startServer(t, (frame) =>
    frame.data.some(([cell]) => cell === 'bad') ? [400, 'not a number'] : echo(frame),
  );
  const values = ['1', '2', 'bad', '4', '5', 'bad', '7'].map((a) => ({ a }));
  const outcomes = await score(scorerOf(server.address), [...values, 7, {}, { a: {} }]);
  assert.deepEqual(outcomes, [
    '{"res":"1"}',
    '{"res":"2"}',
    'MODEL_ERROR',
    '{"res":"4"}',
    '{"res":"5"}',
    'MODEL_ERROR',
    '{"res":"7"}',
    'NOT_AN_OBJECT',
    'FIELD_MISSING',
    'WRONG_TYPE',
  ]);
});

test('a refusal for good is told apart from a failure that may pass', async (t) => {
  let answer: Answer = [200, 'OK', []];
  const server = await startServer(t, () => answer);
  const scorer = scorerOf(server.address);
  const cases: readonly [Answer, new (message: string) => Error][] = [
    [[401, 'Invalid Signature'], PredictorRefusedError],
    [[401, 'Invalid User'], PredictorRefusedError],
    [[400, 'Cannot Find SYMETRYML id[p1] for Customer id [c1]'], PredictorRefusedError],
    [
      [400, 'Please update your server time, it is likely out of sync with UTC'],
      PredictorRefusedError,
    ],
    [[500, 'Generic Exception <Error no such model <m1>>'], PredictorRefusedError],
    [[404, 'Not Found'], PredictorRefusedError],
    [[302, 'Moved'], PredictorRefusedError],
    [[200, 'OK', []], PredictorRefusedError],
    [[500, 'Generic Exception'], PredictorUnreachableError],
    [[503, 'down'], PredictorUnreachableError],
  ];
  for (const [given, kind] of cases) {
    answer = given;
    await assert.rejects(score(scorer, [{ a: 1 }]), kind, given[1]);
  }
  const gone = scorerOf('127.0.0.1:1');
  await assert.rejects(score(gone, [{ a: 1 }]), PredictorUnreachableError);
});

test('a server outside of the allowed addresses is never called', async (t) => {
  const server = await startServer(t, echo);
  const scorer = scorerOf(server.address, [], '127.0.0.1:1');
  await assert.rejects(score(scorer, [{ a: 1 }]), { code: 'EGRESS_DENIED' });
  assert.deepEqual(server.frames, []);
});
