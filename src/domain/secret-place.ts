import type { SaslDraft } from './draft.js';
import { parseHostPort } from './egress.js';
import { brokersOf, type Sasl } from './task.js';
import type { Place } from './validate-value.js';

/** Where a secret stands, and whether the stored one may be kept there. */
export interface SecretPlace extends Place {
  /** With whom else than it was given for it would be used now, in a sentence; undefined: with nobody else. */
  readonly elsewhere: string | undefined;
}

/** With whom a secret is used. */
export interface Receiver {
  /** `HOST:PORT` of each, or the origin of a URL. */
  readonly addresses: readonly string[];
  /** Certificates of the authorities that vouch for them, empty for those of the system; undefined: no TLS asked for. */
  readonly trusted: string | undefined;
}

/** The brokers that a source names, or those of the service if it names none. */
export function brokersReceiver(
  {
    bootstrapServers = [],
    tls,
  }: {
    readonly bootstrapServers?: readonly string[] | undefined;
    readonly tls?: { readonly ca?: string | undefined } | undefined;
  },
  ofService: readonly string[],
): Receiver {
  const servers = brokersOf({ bootstrapServers }, ofService);
  return { addresses: servers.map(addressOf), trusted: tls && (tls.ca ?? '') };
}

/** The server behind a URL: every path of an origin is the same place. An empty URL is nobody. */
export function urlReceiver(url = '', ca = ''): Receiver {
  const origin = URL.canParse(url) ? new URL(url).origin : url;
  return { addresses: url === '' ? [] : [origin], trusted: ca };
}

/**
 * Says with whom else than before a secret would be used now: at an address more, or with whom others vouch for. Fewer
 * addresses, the same in another order, and TLS where there was none are no other place. Whoever may change an address
 * could else have a secret sent to themselves that they may not read.
 */
export function elsewhere(now: Receiver, before: Receiver): string | undefined {
  const added = now.addresses.find((address) => !before.addresses.includes(address));
  if (added !== undefined) return `It would be used with ${added}, which it was not given for.`;
  if (before.trusted === undefined || now.trusted === before.trusted) return undefined;
  if (now.trusted === undefined) return 'It would be used without TLS, with which it was given.';
  return 'It would be used with whom other authorities (ca) vouch for than when it was given.';
}

/** Says that a password would be shown to brokers that had only a proof of it before. */
export function shownTo(now: SaslDraft['mechanism'], before: Sasl): string | undefined {
  if (before.mechanism === 'PLAIN' || (now ?? 'PLAIN') !== 'PLAIN') return undefined;
  return `It would be used with PLAIN, which sends it to the brokers as it is, and not with ${before.mechanism}.`;
}

function addressOf(server: string): string {
  const address = parseHostPort(server);
  return address ? `${address.host.toLowerCase()}:${address.port}` : server;
}
