import { BlockList, isIP } from 'node:net';

/** Where tasks may connect to. */
export interface EgressPolicy {
  /** Whether `HOST:PORT` may be connected to as it is written. A host name is never resolved here. */
  allows(address: HostPort): boolean;
}

export interface HostPort {
  /** Name or IP literal, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT` or `[IPV6]:PORT`; undefined if it is neither. */
export function parseHostPort(text: string): HostPort | undefined {
  const groups = hostPort.exec(text)?.groups;
  if (!groups) return undefined;
  const host = groups.ipv6 ?? groups.host ?? '';
  if (groups.ipv6 !== undefined && isIP(groups.ipv6) !== 6) return undefined;
  const port = Number(groups.port);
  return port >= 1 && port <= 65_535 && host.length <= hostCharsMax ? { host, port } : undefined;
}

/**
 * Makes the policy of `serve`: `brokers` and `allow` entries of the form `HOST:PORT` are allowed exactly, a CIDR of
 * `allow` allows every port of the IP literals in it. An entry that is neither is left out; the settings refuse it.
 */
export function createEgressPolicy(
  brokers: readonly string[],
  allow: readonly string[],
): EgressPolicy {
  const exact = new Set<string>();
  const ranges = new BlockList();
  for (const entry of [...brokers, ...allow]) {
    const address = parseHostPort(entry);
    if (address) exact.add(keyOf(address));
    else addRange(ranges, entry);
  }
  return {
    allows: (address) => exact.has(keyOf(address)) || isInRange(ranges, address.host),
  };
}

const hostCharsMax = 253;
const hostPort =
  /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?)):(?<port>[0-9]{1,5})$/;

function keyOf({ host, port }: HostPort): string {
  return `${host.toLowerCase()} ${port}`;
}

function addRange(ranges: BlockList, entry: string): void {
  const [network = '', bits = ''] = entry.split('/');
  const version = isIP(network);
  const prefix = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 4 && prefix <= 32) ranges.addSubnet(network, prefix, 'ipv4');
  if (version === 6 && prefix <= 128) ranges.addSubnet(network, prefix, 'ipv6');
}

function isInRange(ranges: BlockList, host: string): boolean {
  const version = isIP(host);
  if (version === 0) return false;
  return ranges.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
