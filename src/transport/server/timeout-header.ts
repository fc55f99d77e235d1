/**
 * Cuts the caller's deadline to `maxMs`. A watcher that asks for a day is served for as long as the
 * server allows; and no timer is ever started with a number it cannot hold. Malformed values are
 * left alone, for the protocol to refuse.
 */
export function capTimeout(header: Headers, maxMs: number): void {
  const grpc = GRPC_TIMEOUT.exec(header.get('grpc-timeout') ?? '');
  const unitMs = UNIT_MS.get(grpc?.[2] ?? '') ?? 0;
  if (Number(grpc?.[1] ?? 0) * unitMs > maxMs) {
    header.set('grpc-timeout', `${Math.floor(maxMs / 1000)}S`);
  }
  const connect = header.get('connect-timeout-ms') ?? '';
  if (/^\d+$/.test(connect) && Number(connect) > maxMs) {
    header.set('connect-timeout-ms', String(maxMs));
  }
}

const GRPC_TIMEOUT = /^(\d{1,8})([HMSm])$/;

/** Eight digits of micro- or nanoseconds are less than two minutes: never too long. */
const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['H', 3_600_000],
  ['M', 60_000],
  ['S', 1000],
  ['m', 1],
]);
