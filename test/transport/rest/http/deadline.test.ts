import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConnectError } from '@connectrpc/connect';
import { timeoutMsOf } from '../../../../src/transport/rest/http/deadline.js';

describe('the time granted to a call', () => {
  const cases: readonly [headers: Record<string, string>, timeoutMs: number | undefined][] = [
    [{}, undefined],
    [{ 'connect-timeout-ms': '250' }, 250],
    [{ 'grpc-timeout': '2S' }, 2_000],
    [{ 'grpc-timeout': '3m' }, 3],
    [{ 'grpc-timeout': '1M' }, 60_000],
    [{ 'grpc-timeout': '500u' }, 0.5],
    [{ 'x-server-timeout': '1.5' }, 1_500],
    [{ 'x-server-timeout': '0' }, 0],
    [{ 'connect-timeout-ms': '60001' }, 60_000],
    [{ 'connect-timeout-ms': '99999999999' }, 60_000],
    [{ 'grpc-timeout': '1H' }, 60_000],
    [{ 'x-server-timeout': '2', 'connect-timeout-ms': '300' }, 300],
  ];
  for (const [headers, timeoutMs] of cases) {
    test(`${JSON.stringify(headers)} is ${timeoutMs} ms`, () => {
      assert.equal(timeoutMsOf(new Headers(headers), 60_000), timeoutMs);
    });
  }

  const refused: readonly Record<string, string>[] = [
    { 'connect-timeout-ms': '-1' },
    { 'connect-timeout-ms': '1.5' },
    { 'grpc-timeout': '5' },
    { 'grpc-timeout': '123456789m' },
    { 'x-server-timeout': 'soon' },
    { 'x-server-timeout': '1e9' },
    { 'x-server-timeout': '' },
  ];
  for (const headers of refused) {
    test(`${JSON.stringify(headers)} is refused`, () => {
      assert.throws(() => timeoutMsOf(new Headers(headers), 60_000), ConnectError);
    });
  }
});
