import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEgressPolicy, parseHostPort } from '../../src/domain/egress.js';

test('addresses are read only as HOST:PORT', () => {
  assert.deepEqual(parseHostPort('kafka.example:9092'), { host: 'kafka.example', port: 9_092 });
  assert.deepEqual(parseHostPort('[::1]:1'), { host: '::1', port: 1 });
  for (const text of [
    '',
    'x',
    'x:',
    ':1',
    'x:0',
    'x:65536',
    'x:1:2',
    '::1:9',
    'http://x:1',
    'a b:1',
    '[x]:1',
    'u@x:1',
    '-x:1',
  ]) {
    assert.equal(parseHostPort(text), undefined, text);
  }
});

test('only brokers, exact entries and IP literals within a CIDR are allowed', () => {
  const policy = createEgressPolicy(
    ['127.0.0.1:9092'],
    ['Kafka.Example:9093', '10.0.0.0/8', 'fd00::/8', 'nonsense', '1.2.3.4/99'],
  );
  const allows = (text: string) => {
    const address = parseHostPort(text);
    assert.ok(address, text);
    return policy.allows(address);
  };
  for (const text of ['127.0.0.1:9092', 'KAFKA.example:9093', '10.255.0.1:1', '[fd00::5]:9092']) {
    assert.equal(allows(text), true, text);
  }
  for (const text of [
    '127.0.0.1:9093',
    'localhost:9092',
    'kafka.example:9092',
    '11.0.0.1:9092',
    '10.example:9092',
    '[fe80::1]:9092',
    '169.254.169.254:80',
    '1.2.3.4:80',
  ]) {
    assert.equal(allows(text), false, text);
  }
});
