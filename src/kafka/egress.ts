import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, connect, isIP, type LookupFunction, Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import type { EgressPolicy, HostPort } from '../domain/egress.js';
import { FrameReads } from './frame-reads.js';
import { isFastCodecInstalled } from './install-codecs.js';

/** A connection that the policy forbids. kafkajs hands `code` on. */
export class EgressDeniedError extends Error {
  override readonly name = 'EgressDeniedError';
  readonly code = 'EGRESS_DENIED';

  constructor({ host, port }: HostPort, address?: string) {
    const resolved = address === undefined || address === host ? '' : ` (${address})`;
    super(`Connecting to ${host}:${port}${resolved} is not allowed`);
  }
}

/** Every connection attempt, refused ones included, with what became of it. */
export type EgressListener = (denied: EgressDeniedError) => void;

const KEEP_ALIVE_MS = 60_000;

/**
 * Addresses that no name may lead to: a cloud's metadata service answers there, without asking who
 * calls.
 */
const neverByName = new BlockList();
neverByName.addSubnet('169.254.0.0', 16, 'ipv4');
neverByName.addSubnet('fe80::', 10, 'ipv6');

/**
 * Makes all connections of a Kafka client, bootstrap and advertised brokers alike, under the
 * policy. A name that the policy lists is trusted to lead where it leads, except to link-local
 * addresses; any other name must lead to allowed addresses only. The address that was checked is
 * the one that is connected to, so that a second answer of the name service changes nothing.
 */
export function createSocketFactory(
  policy: EgressPolicy,
  onDenied: EgressListener = () => undefined,
): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const target = { host, port };
    if (isIP(host) && !policy.allows(target)) return deniedSocket(target, onDenied);
    const options = { host, port, lookup: checkedLookup(policy, port, onDenied) };
    const byFrames = () => ({ onread: new FrameReads((frame) => socket.emit('data', frame)) });
    const socket: Socket = ssl
      ? connectTls({ ...options, ...servername(host), ...(ssl as ConnectionOptions) }, onConnect)
      : connect({ ...options, ...(isFastCodecInstalled() ? byFrames() : {}) }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    return socket;
  };
}

function servername(host: string): { servername?: string } {
  return isIP(host) ? {} : { servername: host };
}

/** Listeners are only set after the factory returned, so that the error must come later. */
function deniedSocket(target: HostPort, onDenied: EgressListener): Socket {
  const denied = new EgressDeniedError(target);
  onDenied(denied);
  return new Socket().destroy(denied);
}

function checkedLookup(
  policy: EgressPolicy,
  port: number,
  onDenied: EgressListener,
): LookupFunction {
  return (host, options: LookupOptions, callback) => {
    lookup(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const bad = addresses.find(({ address }) => !isAllowed(policy, { host, port }, address));
      const [first] = addresses;
      if (bad || !first) {
        const denied = new EgressDeniedError({ host, port }, bad?.address);
        onDenied(denied);
        return callback(denied, '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function isAllowed(policy: EgressPolicy, target: HostPort, address: string): boolean {
  if (policy.allows({ host: address, port: target.port })) return true;
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return policy.allows(target) && !neverByName.check(address, family);
}
