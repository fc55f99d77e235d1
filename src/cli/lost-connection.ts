import type { ConnectError } from '@connectrpc/connect';

/**
 * Whether a call broke because its connection did, whatever code the transport gave it. What the
 * service answers itself has no cause in this process.
 */
export function isLostConnection(error: ConnectError): boolean {
  if (error.rawMessage.startsWith('http/2 stream closed')) return true;
  if (/missing (trailer|status|message)|premature/i.test(error.rawMessage)) return true;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string';
}
