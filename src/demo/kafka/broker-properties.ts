import { join } from 'node:path';

/** A client listener beside the plain one, such as one with SASL or TLS. */
export interface BrokerListener {
  /** Upper case; broker properties refer to it as `listener.name.<lower case>.…`. */
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** What clients are told to connect to, one port for each broker; something forwards from there. Default: its own. */
  readonly advertisedPorts?: readonly number[];
}

/** Where one broker listens and keeps its data. */
export interface BrokerPlace {
  /** The node id; brokers are numbered from 1. */
  readonly id: number;
  readonly directory: string;
  readonly plainPort: number;
  readonly controllerPort: number;
  /** One for each extra listener, in their order. */
  readonly listenerPorts: readonly number[];
}

/** What all brokers of a cluster share. */
export interface ClusterShape {
  readonly places: readonly BrokerPlace[];
  readonly listeners: readonly BrokerListener[];
  /** Win over everything set here. */
  readonly overrides: Readonly<Record<string, string>>;
}

/** The contents of `server.properties` for one combined broker and controller. */
export function brokerProperties(cluster: ClusterShape, place: BrokerPlace): string {
  const properties = {
    ...membership(cluster, place),
    ...sizing(cluster.places.length),
    ...cluster.overrides,
  };
  return `${Object.entries(properties).map(toLine).join('\n')}\n`;
}

function membership(cluster: ClusterShape, place: BrokerPlace): Record<string, string> {
  const plain = `PLAINTEXT://127.0.0.1:${place.plainPort}`;
  const listening = cluster.listeners.map(
    ({ name }, index) => `${name}://127.0.0.1:${place.listenerPorts[index]}`,
  );
  const advertised = cluster.listeners.map(({ name, advertisedPorts }, index) => {
    const port = advertisedPorts?.[place.id - 1] ?? place.listenerPorts[index];
    return `${name}://127.0.0.1:${port}`;
  });
  const protocols = cluster.listeners.map((listener) => `${listener.name}:${listener.protocol}`);
  return {
    'process.roles': 'broker,controller',
    'node.id': String(place.id),
    'controller.quorum.voters': cluster.places
      .map((voter) => `${voter.id}@127.0.0.1:${voter.controllerPort}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: [plain, ...listening, `CONTROLLER://127.0.0.1:${place.controllerPort}`].join(','),
    'advertised.listeners': [plain, ...advertised].join(','),
    'listener.security.protocol.map': [
      'PLAINTEXT:PLAINTEXT',
      'CONTROLLER:PLAINTEXT',
      ...protocols,
    ].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(place.directory, 'logs'),
  };
}

/** Small for a loopback broker that shares two cores with what it serves; otherwise the defaults. */
function sizing(brokers: number): Record<string, string> {
  const replicas = String(brokers);
  const inSyncMin = brokers > 1 ? '2' : '1';
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': inSyncMin,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSyncMin,
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSyncMin,
    // The default of 3 s is for fleets that start together; here it would delay each first join.
    'group.initial.rebalance.delay.ms': '0',
    // A missing topic must show as missing, as on a cluster that is looked after.
    'auto.create.topics.enable': 'false',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    // A broker that was killed is taken back only when its old session has ended: 9 s by default.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    // 128 MiB by default, allocated at the start.
    'log.cleaner.dedupe.buffer.size': '16777216',
  };
}

/** In this format a value's backslash begins an escape, and PEM values have line breaks. */
function toLine([key, value]: [string, string]): string {
  return `${key}=${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`;
}
