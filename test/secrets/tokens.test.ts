import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashToken, newPassword, newSecretKey, newToken } from '../../src/secrets/tokens.js';

test('a token is kept as SHA-256 and never the same', () => {
  const token = newToken();
  assert.match(token, /^pd_[A-Za-z0-9_-]{43}$/);
  assert.notEqual(newToken(), token);
  const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.equal(hashToken('abc'), ofAbc);
});

test('a secret key is 16 bytes in Base64, a password long enough to be set', () => {
  assert.equal(Buffer.from(newSecretKey(), 'base64').length, 16);
  assert.match(newSecretKey(), /^[A-Za-z0-9+/]{22}==$/);
  assert.match(newPassword(), /^[A-Za-z0-9_-]{24}$/);
  assert.notEqual(newPassword(), newPassword());
});
