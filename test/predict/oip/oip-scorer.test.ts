import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PredictorRefusedError } from '../../../src/predict/remote/errors.js';
import { selfSigned } from '../../transport/server/self-signed.js';
import { type InferBody, json, startPeer, sums, sumsMetadata } from './oip-peer.js';
import { openScorer, rowsOf, score } from './open-scorer.js';

const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PredictorRefusedError, String(error));
  assert.match(error.message, pattern);
  return true;
};

test('a batch is one call over a connection that is kept, in the order of the records', async (t) => {
  const peer = await startPeer(t);
  const { scorer } = await openScorer(peer, { predictor: { modelVersion: '7/x' } });
  const values = [{ features: [0.1, 2] }, { features: [1] }, { features: [3, -4.5] }];
  assert.deepEqual(await score(scorer, values), [
    '{"sum":2.1,"row":[0.1,2]}',
    'WRONG_LENGTH',
    '{"sum":-1.5,"row":[3,-4.5]}',
  ]);
  assert.deepEqual(await score(scorer, [{ features: [1, 1] }]), ['{"sum":2,"row":[1,1]}']);
  await scorer.release();
  const path = '/v2/models/sums/versions/7%2Fx';
  assert.deepEqual(peer.requests, [
    `GET ${path}`,
    `GET ${path}/ready`,
    `POST ${path}/infer`,
    `POST ${path}/infer`,
  ]);
  assert.deepEqual(peer.bodies[0], {
    inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [0.1, 2, 3, -4.5] }],
  });
  assert.equal(peer.connections(), 1);
});

test('named inputs of every type go out and come back exactly', async (t) => {
  const types = ['BOOL', 'INT8', 'UINT16', 'INT64', 'UINT64', 'FP16', 'FP64', 'BYTES'];
  const tensors = types.map((datatype) => ({ name: datatype, datatype, shape: [-1, 1] }));
  const metadata = { ...sumsMetadata, inputs: tensors, outputs: tensors };
  const infer = ({ inputs }: InferBody) => [200, { outputs: inputs }] as const;
  const peer = await startPeer(t, { metadata, infer });
  const { scorer } = await openScorer(peer, { predictor: { inputs: { BYTES: 'text' } } });
  const value = {
    BOOL: true,
    INT8: -128,
    UINT16: 65_535,
    INT64: -9_007_199_254_740_991,
    UINT64: 12,
    FP16: 0.5,
    FP64: 0.1,
    text: 'ä"\n',
  };
  const { text, ...numbers } = value;
  assert.deepEqual(await score(scorer, [value]), [JSON.stringify({ ...numbers, BYTES: text })]);
});

test('a server that says nothing of its model is asked for what the sink selects', async (t) => {
  const peer = await startPeer(t, { metadata: { name: 'sums', platform: '' } });
  const fields = { total: 'sum', second: 'row[1]' };
  const sink = { topic: 'out', format: 'JSON', fields } as const;
  const { scorer } = await openScorer(peer, {
    predictor: { features: ['a', 'b'] },
    spec: { sink },
  });
  assert.deepEqual(await score(scorer, [{ a: 1, b: 2 }, { a: 1 }]), [
    '{"total":3,"second":2}',
    'FIELD_MISSING',
  ]);
  assert.deepEqual(peer.bodies[0]?.outputs, [{ name: 'sum' }, { name: 'row' }]);
});

test('raw tensors pass through', async (t) => {
  const peer = await startPeer(t);
  const source = { format: 'FLOAT32', schemaRegistryUrl: '' } as const;
  const { scorer } = await openScorer(peer, { spec: { source } });
  const value = Buffer.from(Float32Array.of(0.25, 1).buffer);
  assert.deepEqual(await score(scorer, [value]), ['{"sum":1.25,"row":[0.25,1]}']);
});

test('credentials are sent with every call', async (t) => {
  const peer = await startPeer(t);
  const bearer = await openScorer(peer, { predictor: { bearerToken: 't0ken' } });
  await score(bearer.scorer, rowsOf(1));
  const basic = { username: 'ü', password: 'p:w' };
  await score((await openScorer(peer, { predictor: { basic } })).scorer, rowsOf(1));
  assert.deepEqual(
    [...peer.authorizations],
    ['Bearer t0ken', `Basic ${Buffer.from('ü:p:w').toString('base64')}`],
  );
});

test('an https server is trusted by the authority that is given', async (t) => {
  const peer = await startPeer(t, { tls: selfSigned });
  const { scorer } = await openScorer(peer, { predictor: { ca: selfSigned.cert } });
  assert.deepEqual(await score(scorer, rowsOf(1)), ['{"sum":1,"row":[1,0]}']);
  await assert.rejects(openScorer(peer), refused(/self-signed certificate/));
});

test('a server outside of the allowed addresses is never called', async (t) => {
  const peer = await startPeer(t);
  const opening = openScorer(peer, { allowed: '127.0.0.1:1' });
  await assert.rejects(opening, { code: 'EGRESS_DENIED' });
  assert.deepEqual(peer.requests, []);
});

test('a model that records do not fit is refused at the start, with why', async (t) => {
  const x = (datatype: string, ...shape: unknown[]) => ({ name: 'x', datatype, shape });
  const cases = [
    [{ inputs: [x('FP32', -1, 3)] }, /takes 3 numbers, but 2 fields are named/],
    [{ inputs: [x('BF16', -1, 2)] }, /type BF16/],
    [{ inputs: [x('FP32', 5, 2)] }, /exactly 5 rows/],
    [{ inputs: 'x' }, undefined],
  ] as const;
  for (const [change, pattern] of cases) {
    const peer = await startPeer(t, { metadata: { ...sumsMetadata, ...change } });
    const opening = openScorer(peer, { predictor: { features: ['a', 'b'] } });
    if (pattern) await assert.rejects(opening, refused(pattern));
    else await opening;
  }
});

test('what a server refuses for good ends the scoring with its words', async (t) => {
  const peer = await startPeer(t);
  const { scorer } = await openScorer(peer);
  const cases = [
    [404, { error: 'Model sums not found' }, /404 to rows: Model sums not found/],
    [401, { error: 'who?' }, /401/],
    [403, 'no', /403/],
    [302, {}, /302/],
    [200, {}, /no outputs/],
    [200, { outputs: [{ name: 'sum', datatype: 'FP32', shape: [3], data: [1, 2] }] }, /2 values/],
    [200, { outputs: [{ name: 'sum', datatype: 'WAT', shape: [2], data: [1, 2] }] }, /type WAT/],
    [200, sums({ inputs: [] })[1], /does not fit/],
  ] as const;
  for (const [status, body, pattern] of cases) {
    peer.intercept((res) => {
      json(res, status, body);
      return true;
    });
    await assert.rejects(score(scorer, rowsOf(2)), refused(pattern));
  }
});
