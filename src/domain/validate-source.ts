import type { SaslDraft, SourceDraft, TlsDraft } from './draft.js';
import { parseHostPort } from './egress.js';
import { isKafkaOption, kafkaOptionFault, kafkaOptions } from './kafka-options.js';
import { limits } from './limits.js';
import { shown } from './names.js';
import {
  brokersReceiver,
  elsewhere,
  type SecretPlace,
  shownTo,
  urlReceiver,
} from './secret-place.js';
import { formats, type Sasl, type Source, type Tls } from './task.js';
import { keep, readBasic, readPassword } from './validate-secret.js';
import type { SpecContext } from './validate-value.js';
import { choice, type Place, text, topic } from './validate-value.js';

/** Reads the source of a draft: topic, brokers, credentials and client settings. */
export function readSource(
  given: SourceDraft | undefined,
  { faults, path, context }: Place & { readonly context: SpecContext },
): Source {
  if (!given) faults.add(path, 'REQUIRED', 'Say where records come from.');
  const draft = given ?? {};
  const previous = context.previous?.source;
  const brokers = (of: SourceDraft) => brokersReceiver(of, context.brokers);
  const registry = (of: SourceDraft) => urlReceiver(of.schemaRegistryUrl);
  const toKafka = { faults, elsewhere: previous && elsewhere(brokers(draft), brokers(previous)) };
  const toRegistry = previous && elsewhere(registry(draft), registry(previous));
  const sasl =
    draft.sasl && readSasl(draft.sasl, previous?.sasl, { ...toKafka, path: `${path}.sasl` });
  const auth =
    draft.schemaRegistryAuth &&
    readBasic(draft.schemaRegistryAuth, previous?.schemaRegistryAuth, {
      faults,
      path: `${path}.schema_registry_auth`,
      elsewhere: toRegistry,
    });
  const schemaIds = readIds(draft.schemaIds ?? [], { faults, path: `${path}.schema_ids` });
  const tls = draft.tls && readTls(draft.tls, previous?.tls, { ...toKafka, path: `${path}.tls` });
  return {
    topic: given ? topic(draft.topic, { faults, path: `${path}.topic` }) : '',
    format: choice(draft.format, { faults, path: `${path}.format`, of: formats }),
    bootstrapServers: readServers(draft.bootstrapServers ?? [], {
      faults,
      path: `${path}.bootstrap_servers`,
      context,
    }),
    startFrom: choice(draft.startFrom, {
      faults,
      path: `${path}.start_from`,
      of: ['EARLIEST', 'LATEST'],
    }),
    consumerGroup: text(draft.consumerGroup ?? '', {
      faults,
      path: `${path}.consumer_group`,
      charsMax: limits.consumerGroupCharsMax,
    }),
    ...(sasl ? { sasl } : {}),
    ...(tls ? { tls } : {}),
    options: readOptions(draft.options ?? {}, { faults, path: `${path}.options` }),
    schemaRegistryUrl: readUrl(draft.schemaRegistryUrl ?? '', {
      faults,
      path: `${path}.schema_registry_url`,
      context,
    }),
    ...(auth ? { schemaRegistryAuth: auth } : {}),
    ...(schemaIds.length > 0 ? { schemaIds } : {}),
  };
}

function readIds(ids: readonly number[], { faults, path }: Place): readonly number[] {
  if (ids.length > limits.schemaIdsMax) {
    faults.add(path, 'TOO_MANY', `There are ${ids.length}. Use at most ${limits.schemaIdsMax}.`);
    return [];
  }
  for (const [index, id] of ids.entries()) {
    if (id > 0) continue;
    faults.add(`${path}[${index}]`, 'OUT_OF_RANGE', `${id} is no id of a schema. Use 1 or more.`);
  }
  return [...ids];
}

function readServers(
  servers: readonly string[],
  { faults, path, context }: Place & { readonly context: SpecContext },
): readonly string[] {
  if (servers.length === 0 && context.brokers.length === 0) {
    const description = 'The service was started without brokers. Give HOST:PORT of one.';
    faults.add(path, 'REQUIRED', description);
  }
  if (servers.length > limits.bootstrapServersMax) {
    const description = `There are ${servers.length}. Use at most ${limits.bootstrapServersMax}.`;
    faults.add(path, 'TOO_MANY', description);
    return [];
  }
  for (const [index, server] of servers.entries()) {
    const at = `${path}[${index}]`;
    const address = parseHostPort(server);
    if (!address) {
      const description = `"${shown(server)}" is not of the form HOST:PORT.`;
      faults.add(at, 'INVALID_ADDRESS', description);
    } else if (!context.egress.allows(address)) {
      faults.add(at, 'EGRESS_DENIED', denied(server));
    }
  }
  return [...servers];
}

function denied(address: string): string {
  return `The service may not connect to ${shown(address)}. Use one of its own brokers, or have it started with --allow-egress ${shown(address)}.`;
}

function readSasl(
  draft: SaslDraft,
  previous: Sasl | undefined,
  { faults, path, elsewhere }: SecretPlace,
): Sasl {
  if (!draft.username) faults.add(`${path}.username`, 'REQUIRED', 'Give the user name.');
  return {
    mechanism: choice(draft.mechanism, {
      faults,
      path: `${path}.mechanism`,
      of: ['PLAIN', 'SCRAM_SHA_256', 'SCRAM_SHA_512'],
    }),
    username: text(draft.username ?? '', {
      faults,
      path: `${path}.username`,
      charsMax: limits.credentialCharsMax,
    }),
    password: readPassword(draft.password, previous?.password, {
      faults,
      path: `${path}.password`,
      elsewhere: elsewhere ?? (previous && shownTo(draft.mechanism, previous)),
    }),
  };
}

function readTls(
  draft: TlsDraft,
  previous: Tls | undefined,
  { faults, path, elsewhere }: SecretPlace,
): Tls {
  const { ca = '', certificate = '', key = '' } = draft;
  readCertificates(ca, { faults, path: `${path}.ca` });
  pem(certificate, 'CERTIFICATE', { faults, path: `${path}.certificate` });
  const keyPath = `${path}.key`;
  const kept = key === '' ? '' : keep(key, previous?.key, { faults, path: keyPath, elsewhere });
  pem(kept, 'PRIVATE KEY', { faults, path: keyPath });
  if (certificate !== '' && key === '') {
    faults.add(keyPath, 'REQUIRED', 'Give the private key of the certificate.');
  }
  if (certificate === '' && key !== '') {
    const description = 'Give the certificate of the private key.';
    faults.add(`${path}.certificate`, 'REQUIRED', description);
  }
  return { ca, certificate, key: kept };
}

/** Certificates of authorities, or none. */
export function readCertificates(value: string, place: Place): void {
  pem(value, 'CERTIFICATE', place);
}

function pem(value: string, kind: string, { faults, path }: Place): void {
  if (value === '') return;
  if (value.length > limits.pemCharsMax) {
    const description = `It has ${value.length} characters. Use at most ${limits.pemCharsMax}.`;
    faults.add(path, 'TOO_LONG', description);
  } else if (!new RegExp(`-----BEGIN [A-Z ]*${kind}-----[^]+-----END`).test(value)) {
    faults.add(path, 'INVALID_PEM', `It is no PEM text with a ${kind}.`);
  }
}

function readOptions(
  options: Readonly<Record<string, string>>,
  { faults, path }: Place,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(options)) {
    const at = `${path}["${shown(name)}"]`;
    if (!isKafkaOption(name)) {
      const known = Object.keys(kafkaOptions).join(', ');
      const description = `The client setting "${shown(name)}" is not allowed. Use ${known}.`;
      faults.add(at, 'OPTION_NOT_ALLOWED', description);
      continue;
    }
    const fault = kafkaOptionFault(name, value);
    if (fault !== undefined) faults.add(at, 'INVALID_VALUE', fault);
  }
  return { ...options };
}

/** Reads a URL that the service may connect to. */
export function readUrl(
  value: string,
  { faults, path, context }: Place & { readonly context: SpecContext },
): string {
  if (value === '') return '';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isWeb || url.username !== '' || url.password !== '') {
    const description = 'Give a URL such as http://127.0.0.1:8081, without a user or password.';
    faults.add(path, 'INVALID_URL', description);
    return value;
  }
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!context.egress.allows({ host, port })) {
    faults.add(path, 'EGRESS_DENIED', denied(`${url.hostname}:${port}`));
  }
  return value;
}
