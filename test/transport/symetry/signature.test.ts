import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInWindow, parseSymDate } from '../../../src/secrets/symetry-date.js';
import { isSignedBy, md5, pathForms, sign } from '../../../src/secrets/symetry-signature.js';
import { decryptBody, encryptBody } from '../../../src/transport/symetry/body-cipher.js';
import { secretKey } from './symetry-server.js';
import { taskInfoBody, taskInfoText, vectorDate, vectors } from './vectors.js';

test('S3.5: every vector of the contract has its signature', () => {
  for (const { verb, path, query, body, authorization } of vectors) {
    const parts = {
      verb,
      contentMd5: body === '' ? '' : md5(Buffer.from(body)),
      secretKey,
      symDate: vectorDate,
      cid: 'c1',
      body: Buffer.from(body),
      path,
      query,
    };
    assert.equal(sign(parts).toString('base64'), authorization, `${verb} ${path}?${query}`);
    assert.ok(isSignedBy(authorization, parts, pathForms(path, 'http://localhost:8080')));
  }
});

test('S3.5: the body of the contract is the encrypted TaskInfo, and has its MD5', () => {
  assert.equal(taskInfoBody.length, 896);
  assert.equal(md5(Buffer.from(taskInfoBody)), 'xaCz5sWlr0R6IUT24KVLvQ==');
  assert.equal(encryptBody(taskInfoText, secretKey), taskInfoBody);
  assert.equal(decryptBody(taskInfoBody, secretKey)?.toString('utf8'), taskInfoText);
});

test('S3.5: the small cipher vector holds', () => {
  const body = '5XzpRW1z+toD/PW+yQ1sQssUt7hxBeqIIMyhXY4iqU0=';
  assert.equal(encryptBody('Message to encrypt', 'EYpWjGPaoMoFUb/jfW95PQ=='), body);
});

test('a body under another key, cut short or not in Base64 does not open', () => {
  const otherKey = 'EYpWjGPaoMoFUb/jfW95PQ==';
  assert.equal(decryptBody(taskInfoBody.slice(0, -8), secretKey), undefined);
  assert.equal(decryptBody(`"${taskInfoBody}"`, secretKey), undefined);
  assert.equal(decryptBody('', secretKey), undefined);
  assert.notEqual(decryptBody(taskInfoBody, otherKey)?.toString('utf8'), taskInfoText);
  const wrapped = taskInfoBody.replace(/.{64}/g, '$&\n');
  assert.equal(decryptBody(wrapped, secretKey)?.toString('utf8'), taskInfoText);
});

test('S8.5: a path is tried as sent, decoded, without its slash and as a full URL', () => {
  assert.deepEqual(pathForms('/symetry/rest/c1/tasks/a%2Db', 'http://h:8080'), [
    '/symetry/rest/c1/tasks/a%2Db',
    'symetry/rest/c1/tasks/a%2Db',
    'http://h:8080/symetry/rest/c1/tasks/a%2Db',
    'https://h:8080/symetry/rest/c1/tasks/a%2Db',
    '/symetry/rest/c1/tasks/a-b',
    'symetry/rest/c1/tasks/a-b',
    'http://h:8080/symetry/rest/c1/tasks/a-b',
    'https://h:8080/symetry/rest/c1/tasks/a-b',
  ]);
});

test('S8.8: a sym-date is read with nanoseconds and without, and strictly', () => {
  const noon = Date.UTC(2026, 0, 15, 12);
  assert.equal(parseSymDate('2026-01-15 12:00:00;123456789'), noon + 123.456789);
  assert.equal(parseSymDate('2014-07-31 08:01:07;1245'), Date.UTC(2014, 6, 31, 8, 1, 7) + 0.001245);
  assert.equal(parseSymDate('2026-01-15 12:00:00'), noon);
  for (const wrong of [
    '',
    '2026-01-15T12:00:00Z',
    '2026-02-30 12:00:00;0',
    '2026-01-15 25:00:00;0',
    '2026-01-15 12:00:00;',
    '2026-01-15 12:00:00;-1',
    '2026-01-15 12:00:00;1234567890',
    ' 2026-01-15 12:00:00;0 ',
    '1768478400000',
  ]) {
    assert.equal(parseSymDate(wrong), undefined, wrong);
  }
});

test('S3.1: a date holds from 5 minutes behind to 1 minute ahead', () => {
  const now = Date.UTC(2026, 0, 15, 12);
  assert.ok(isInWindow(now - 300_000, now));
  assert.ok(isInWindow(now + 60_000, now));
  assert.ok(!isInWindow(now - 300_001, now));
  assert.ok(!isInWindow(now + 60_001, now));
});
