import { type ISocketFactory, Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { isKafkaOption, kafkaOptionFault } from '../domain/kafka-options.js';
import type { Source } from '../domain/task.js';

/** What every Kafka client of a task is made with. */
export interface KafkaClientSettings {
  readonly clientId: string;
  readonly brokers: readonly string[];
  readonly socketFactory: ISocketFactory;
  readonly connectionTimeout: number;
  readonly authenticationTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
}

/**
 * Few and quick: whoever calls decides about patience, and must hear of trouble before its lease is
 * over.
 */
export const SUPPORTED_RETRY = {
  initialRetryTime: 30,
  maxRetryTime: 500,
  retries: 4,
  multiplier: 2,
  factor: 0.2,
} as const;

/** A broker on another continent answers well within it. */
const CONNECT_TIMEOUT_MS = 3_000;
const AUTHENTICATION_TIMEOUT_MS = 5_000;
/**
 * Brokers answer a produce request at the latest after its own 30 s; all other requests are quick.
 */
const REQUEST_TIMEOUT_MS = 30_000;

interface ClientFacts {
  readonly source: Pick<Source, 'sasl' | 'tls' | 'options'>;
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly socketFactory: ISocketFactory;
}

/**
 * Settings of a client for a task's cluster. Options that are not allowed are left out; creating a
 * task refuses them.
 */
export function clientSettings(facts: ClientFacts): KafkaClientSettings {
  const { source } = facts;
  const tls = source.tls;
  const sasl = saslOf(source);
  return {
    clientId: facts.clientId,
    brokers: facts.bootstrapServers,
    socketFactory: facts.socketFactory,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    authenticationTimeout: AUTHENTICATION_TIMEOUT_MS,
    requestTimeout: numberOption(source.options, 'request.timeout.ms') ?? REQUEST_TIMEOUT_MS,
    enforceRequestTimeout: true,
    ...(tls ? { ssl: tlsOf(tls) } : {}),
    ...(sasl ? { sasl } : {}),
  };
}

/** A kafkajs client over the same settings, for its admin calls. */
export function createKafka(settings: KafkaClientSettings): Kafka {
  const { ssl, sasl, ...rest } = settings;
  return new Kafka({
    ...rest,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    brokers: [...settings.brokers],
    logLevel: logLevel.NOTHING,
    retry: SUPPORTED_RETRY,
  });
}

/** A numeric client option, if it is given and within its range. */
export function numberOption(
  options: Readonly<Record<string, string>>,
  name: string,
): number | undefined {
  const value = textOption(options, name);
  return value === undefined ? undefined : Number(value);
}

/** A client option, if it is allowed, given and well formed. */
export function textOption(
  options: Readonly<Record<string, string>>,
  name: string,
): string | undefined {
  const value = options[name];
  if (value === undefined || !isKafkaOption(name)) return undefined;
  return kafkaOptionFault(name, value) === undefined ? value : undefined;
}

function tlsOf(tls: NonNullable<Source['tls']>) {
  return {
    rejectUnauthorized: true,
    ...(tls.ca ? { ca: [tls.ca] } : {}),
    ...(tls.certificate ? { cert: tls.certificate } : {}),
    ...(tls.key ? { key: tls.key } : {}),
  };
}

function saslOf({ sasl }: Pick<Source, 'sasl'>): SASLOptions | undefined {
  if (!sasl) return undefined;
  const { username, password } = sasl;
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username, password };
    case 'SCRAM_SHA_256':
      return { mechanism: 'scram-sha-256', username, password };
    case 'SCRAM_SHA_512':
      return { mechanism: 'scram-sha-512', username, password };
  }
}
