import type { DeadLetterSource } from '../domain/dead-letter.js';
import { createEgressPolicy } from '../domain/egress.js';
import { clientSettings } from './client.js';
import { createCluster, type KafkaCluster } from './cluster.js';
import { createSocketFactory } from './egress.js';

/** A connection that serves one call. */
export interface DeadLetterCall {
  readonly cluster: KafkaCluster;
  readonly source: DeadLetterSource;
  /** The dead-letter topic. */
  readonly topic: string;
}

/** Makes it; nothing is connected yet. `allowEgress`: `HOST:PORT` and CIDRs that may be connected to. */
export function openCall(source: DeadLetterSource, allowEgress: readonly string[]): DeadLetterCall {
  const { spec } = source;
  const settings = clientSettings({
    source: spec.source,
    bootstrapServers: spec.source.bootstrapServers,
    clientId: 'predictd-dead-letters',
    socketFactory: createSocketFactory(createEgressPolicy([], allowEgress)),
  });
  const topic = spec.deadLetterTopic || `${spec.sink.topic}.dead-letter`;
  return { cluster: createCluster(settings), source, topic };
}
