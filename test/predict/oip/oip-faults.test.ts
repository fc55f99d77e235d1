import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { type InferBody, json, startPeer, sums } from './oip-peer.js';
import { openScorer, rowsOf, score } from './open-scorer.js';

const good = (from: number) => `{"sum":${from},"row":[${from},0]}`;
const isPoisoned = ({ inputs }: InferBody) => inputs[0]?.data.some((cell) => Number(cell) === 13);

test('rows that the server refuses are found, and the others are predicted', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer);
  for (const status of [400, 422]) {
    peer.intercept((res, body) => {
      if (isPoisoned(body)) json(res, status, { error: 'no thirteen' });
      return isPoisoned(body) ?? false;
    });
    const outcomes = await score(scorer, rowsOf(20));
    const expected = rowsOf(20).map(({ features: [x] }) => (x === 13 ? 'MODEL_ERROR' : good(x)));
    assert.deepEqual(outcomes, expected);
  }
  assert.deepEqual(troubles, []);
});

test('a row on which the server fails is bad if the server still takes others', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer);
  peer.intercept((res, body) => {
    if (isPoisoned(body)) json(res, 500, { error: 'ZeroDivisionError' });
    return isPoisoned(body) ?? false;
  });
  // The first batch ever, and then a poisoned row alone.
  const outcomes = await score(scorer, rowsOf(16));
  assert.equal(outcomes[12], 'MODEL_ERROR');
  assert.equal(outcomes.filter((outcome) => outcome === 'MODEL_ERROR').length, 1);
  assert.deepEqual(await score(scorer, [{ features: [13, 0] }]), ['MODEL_ERROR']);
  assert.deepEqual(troubles, []);
});

test('an answer counts although the server ends the connection behind it', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer);
  peer.intercept((res, body) => {
    // As uvicorn does after an exception.
    res.on('finish', () => res.socket?.resetAndDestroy());
    if (isPoisoned(body)) json(res, 500, 'Internal Server Error');
    return isPoisoned(body) ?? false;
  });
  const outcomes = await score(scorer, rowsOf(16));
  assert.deepEqual(
    outcomes,
    rowsOf(16).map(({ features: [x] }) => (x === 13 ? 'MODEL_ERROR' : good(x))),
  );
  assert.deepEqual(troubles, []);
});

test('a server that fails on everything loses no record, however long it does', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer);
  let isDown = true;
  peer.intercept((res) => {
    if (isDown) json(res, 500, { error: 'out of memory' });
    return isDown;
  });
  const scoring = score(scorer, rowsOf(3));
  await eventually(() => troubles.length > 0, { deadlineMs: 20_000, what: 'the open circuit' });
  assert.match(troubles[0] ?? '', /500 to rows: out of memory/);
  isDown = false;
  assert.deepEqual(await scoring, [good(1), good(2), good(3)]);
  assert.equal(troubles.at(-1), undefined);
});

test('failures that pass are waited for: 503 and 429 with a time, cuts, late and slow answers', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer, { predictor: { timeoutMs: 300 } });
  const before = performance.now();
  const faults: ((res: ServerResponse) => void)[] = [
    (res) => json(res, 503, {}),
    (res) => {
      res.setHeader('retry-after', '1');
      json(res, 429, { error: 'slow down' });
    },
    (res) => res.socket?.destroy(),
    // Says that more comes than does.
    (res) => {
      res.writeHead(200, { 'content-length': '1000' });
      res.write('{"outputs":');
      res.socket?.end();
    },
    // Never answers, and a byte now and then for ever.
    () => undefined,
    async (res) => {
      res.writeHead(200);
      while (!res.destroyed && res.write(' ')) await delay(50);
    },
    (res) => res.writeHead(200).end('<html>gateway</html>'),
  ];
  for (const fault of faults) {
    let isFirst = true;
    peer.intercept((res) => {
      const answersBadly = isFirst;
      isFirst = false;
      if (answersBadly) fault(res);
      return answersBadly;
    });
    assert.deepEqual(await score(scorer, rowsOf(2)), [good(1), good(2)]);
  }
  assert.ok(performance.now() - before >= 1_000, 'it waited for as long as it was asked to');
  assert.deepEqual(troubles, [], 'a single failure is no trouble');
});

test('a server that is away at the start and later is waited for, and a stop ends the wait', async (t) => {
  const first = await startPeer(t);
  const { port } = first;
  first.close();
  const opening = openScorer(first);
  const peer = await startPeer(t, { port });
  const { scorer, troubles } = await opening;
  peer.close();
  const stop = new AbortController();
  const scoring = score(scorer, rowsOf(1), stop.signal);
  await eventually(() => troubles.length > 0, { deadlineMs: 20_000, what: 'the open circuit' });
  assert.match(troubles[0] ?? '', /ECONNREFUSED/);
  stop.abort();
  await assert.rejects(scoring, { name: 'AbortError' });
});

test('requests and answers that are too large are halved, and end at the row that is', async (t) => {
  const peer = await startPeer(t);
  const { scorer } = await openScorer(peer);
  const rowsIn = ({ inputs }: InferBody) => inputs[0]?.shape[0] ?? 0;
  peer.intercept((res, body) => {
    if (rowsIn(body) > 2) json(res, 413, { error: 'too large' });
    else if (isPoisoned(body)) res.writeHead(200).end(Buffer.alloc(33 * 1024 * 1024, ' '));
    else json(res, ...sums(body));
    return true;
  });
  const outcomes = await score(scorer, rowsOf(14));
  assert.equal(outcomes[12], 'TOO_LARGE');
  assert.equal(outcomes.filter((outcome) => outcome === 'TOO_LARGE').length, 1);
  assert.ok(peer.bodies.some((body) => rowsIn(body) === 14));
});

test('a model that goes away in the words of refused rows costs no record', async (t) => {
  const peer = await startPeer(t);
  const { scorer, troubles } = await openScorer(peer);
  peer.unready(true);
  peer.intercept((res) => {
    json(res, 400, { error: 'unknown model' });
    return true;
  });
  const scoring = score(scorer, rowsOf(2));
  await eventually(() => troubles.length > 0, { deadlineMs: 20_000, what: 'the open circuit' });
  peer.unready(false);
  assert.deepEqual(
    await scoring,
    ['MODEL_ERROR', 'MODEL_ERROR'],
    'refused by a model that is there',
  );
});
