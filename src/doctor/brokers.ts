import { clientSettings } from '../kafka/client.js';
import { CoordinatorType, createCluster, type KafkaCluster } from '../kafka/cluster.js';
import { createSocketFactory } from '../kafka/egress.js';
import { callKafka } from '../kafka/kafka-call.js';
import { kafkaErrorMessage, kafkaErrorType } from '../kafka/kafka-error.js';
import { type Check, failed, ok, skipped, type Verdict, warning } from './finding.js';

/**
 * What the brokers of `serve --brokers` must be and allow, seen from this machine and without credentials: those belong
 * to tasks, and `doctor TASK` lets the service try them. Nothing is written; on a cluster without its topic for
 * transactions the broker makes that one.
 */
export function brokerChecks(brokers: readonly string[]): readonly Check[] {
  const reached: string[] = [];
  const ifReached = (look: (brokers: readonly string[]) => Promise<Verdict>) => () =>
    reached.length > 0 ? look(reached) : skipped('no broker answers');
  return [
    ...brokers.map((broker) => ({
      subject: `broker ${broker}`,
      hint: 'is it running, and may this machine connect to it? It may also ask for TLS or SASL, which this does not try',
      look: async () => {
        const verdict = await reach(broker).catch((error: unknown) => {
          throw new Error(kafkaErrorMessage(error));
        });
        reached.push(broker);
        return verdict;
      },
    })),
    { subject: 'transactions', hint: coordinatorHint, look: ifReached(transactions) },
    { subject: 'consumer groups', hint: coordinatorHint, look: ifReached(groups) },
  ];
}

const coordinatorHint =
  'look at the log of the brokers: their internal topics need enough of them in sync';
const DEADLINE_MS = 10_000;
/** Nothing that begins so is ever written. */
const PROBE_ID = 'predictd-doctor';

/** What exactly-once needs, by Kafka's numbers; all of it is there since 0.11. */
const neededApis: Readonly<Record<string, number>> = {
  FindCoordinator: 10,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
};

/** APIs that tell an age: the newest release first. */
const releases: readonly (readonly [api: number, since: string])[] = [
  [68, '3.7 or newer'],
  [60, '2.8 or newer'],
  [44, '2.3 or newer'],
];

async function reach(broker: string): Promise<Verdict> {
  return onCluster([broker], async (cluster) => {
    const { brokers } = await cluster.metadata({ topics: [] });
    const controller = await cluster.findControllerBroker();
    const apis = await controller.apiVersions();
    const missing = Object.entries(neededApis).filter(([, key]) => !(key in apis));
    if (missing.length > 0) {
      const names = missing.map(([name]) => name).join(', ');
      return failed(`it does not offer ${names}`, 'use Kafka 3.x or 4.x');
    }
    const release = releases.find(([key]) => key in apis)?.[1] ?? 'older than 2.3';
    const detail = `answers; Kafka ${release}, all of them: ${brokers.map(({ host, port }) => `${host}:${port}`).join(', ')}`;
    return release.startsWith('3')
      ? ok(detail)
      : warning(detail, 'only Kafka 3.x and 4.x are tested');
  });
}

async function transactions(brokers: readonly string[]): Promise<Verdict> {
  return onCluster(brokers, async (cluster) => {
    const coordinatorType = CoordinatorType.TRANSACTION;
    const { nodeId } = await cluster.findGroupCoordinator({ groupId: PROBE_ID, coordinatorType });
    return ok(`coordinated, for this id by broker ${nodeId}`);
  }).catch((error: unknown) => refusal(error, 'TransactionalId'));
}

async function groups(brokers: readonly string[]): Promise<Verdict> {
  return onCluster(brokers, async (cluster) => {
    const { nodeId } = await cluster.findGroupCoordinator({ groupId: PROBE_ID });
    return ok(`coordinated, for this id by broker ${nodeId}`);
  }).catch((error: unknown) => refusal(error, 'Group'));
}

function refusal(error: unknown, resource: string): Verdict {
  if (!/AUTHORIZATION_FAILED/.test(kafkaErrorType(error)))
    throw new Error(kafkaErrorMessage(error));
  const hint = `allow Describe and Write or Read on ${resource}s that begin with predictd, or name a principal in the task`;
  return failed(kafkaErrorMessage(error), hint);
}

function onCluster<T>(
  brokers: readonly string[],
  work: (cluster: KafkaCluster) => Promise<T>,
): Promise<T> {
  const cluster = createCluster(
    clientSettings({
      source: { options: {} },
      bootstrapServers: brokers,
      clientId: PROBE_ID,
      // Whoever runs this may connect to where they like.
      socketFactory: createSocketFactory({ allows: () => true }),
    }),
  );
  return callKafka(cluster, { deadlineMs: DEADLINE_MS }, () => work(cluster));
}
