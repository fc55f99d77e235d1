import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor } from '../../src/domain/redact.js';
import type { TaskSpec } from '../../src/domain/task.js';
import { sampleTask } from './sample-task.js';

const plain = sampleTask().spec;

function withPassword(password: string): TaskSpec {
  const sasl = { mechanism: 'PLAIN', username: 'kafka', password } as const;
  return { ...plain, source: { ...plain.source, sasl } };
}

test('a password is masked wherever and however it is printed', () => {
  const redact = createRedactor(withPassword('s3cret"$/ä+x'));
  const printed = [
    's3cret"$/ä+x',
    JSON.stringify({ password: 's3cret"$/ä+x' }),
    `http://u:${encodeURIComponent('s3cret"$/ä+x')}@h`,
    Buffer.from('s3cret"$/ä+x').toString('base64'),
  ];
  const shown = redact(printed.join(' | '));
  assert.equal(shown, '*** | {"password":"***"} | http://u:***@h | ***');
});

test('a short password is masked where it stands alone, and leaves words whole', () => {
  const redact = createRedactor(withPassword('abc'));
  assert.equal(redact('password abc, "abc" abcdef'), 'password ***, "***" abcdef');
});

test('no line of a key and no key of a remote predictor is shown', () => {
  const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC';
  const key = `-----BEGIN PRIVATE KEY-----\n${line}\n-----END PRIVATE KEY-----\n`;
  const source = { ...plain.source, tls: { ca: '', certificate: '', key } };
  assert.equal(createRedactor({ ...plain, source })(`read ${line}!`), 'read ***!');
  const secretKey = 'AAECAwQFBgcICQoLDA0ODw==';
  const remote = { type: 'symetry', url: 'http://h', user: 'u', project: 'p', model: 'm' } as const;
  const predictor = { ...remote, secretKey, features: [] };
  assert.equal(createRedactor({ ...plain, predictor })(`key=${secretKey}`), 'key=***');
  const oip = { type: 'oip', url: 'http://h', model: 'm', modelVersion: '', ca: '' } as const;
  const basic = { username: 'u', password: 'p4ssword' };
  const open = { ...oip, features: [], inputs: {}, bearerToken: '', basic, timeoutMs: 1_000 };
  const header = Buffer.from('u:p4ssword').toString('base64');
  const said = createRedactor({ ...plain, predictor: open })(`Basic ${header} p4ssword`);
  assert.equal(said, 'Basic *** ***');
});

test('without secrets every text stays as it is', () => {
  assert.equal(createRedactor(plain)('a *** b'), 'a *** b');
});
