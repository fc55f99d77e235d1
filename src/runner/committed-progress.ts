import { createEgressPolicy } from '../domain/egress.js';
import {
  addCounters,
  type Execution,
  noCounters,
  type PartitionProgress,
  type Progress,
} from '../domain/execution.js';
import { brokersOf, consumerGroup, type Task } from '../domain/task.js';
import { clientSettings } from '../kafka/client.js';
import { createCluster, type KafkaCluster } from '../kafka/cluster.js';
import { type CommittedOffset, fetchCommittedOffsets } from '../kafka/committed-offsets.js';
import { createSocketFactory } from '../kafka/egress.js';
import { callKafka } from '../kafka/kafka-call.js';
import { topicOffsets } from '../kafka/topic-offsets.js';
import { countersFrom } from './offset-note.js';
import { percentOf } from './progress.js';

/** What the operator decided. */
export interface CommittedProgressOptions {
  /** Brokers of tasks that name none. */
  readonly brokers: readonly string[];
  /** `HOST:PORT` and CIDRs that may be connected to besides. */
  readonly allowEgress: readonly string[];
}

/** Shorter than a lease: who asks for the end of an execution waits for it. */
const DEADLINE_MS = 4_000;
/** A commit that was sent is settled within it; what is open for longer was never sent, and will be undone. */
const SETTLE_MS = 1_000;

/**
 * Reads how far an execution came from what was committed beside its offsets, for one whose runner cannot say so any more.
 * Undefined if nothing was committed; a DomainError if Kafka does not answer in time.
 */
export function createCommittedProgress({ brokers, allowEgress }: CommittedProgressOptions) {
  return async (task: Task, execution: Execution): Promise<Progress | undefined> => {
    const { source } = execution.spec;
    const settings = clientSettings({
      source,
      bootstrapServers: brokersOf(source, brokers),
      clientId: 'predictd-committed-progress',
      socketFactory: createSocketFactory(createEgressPolicy([], [...brokers, ...allowEgress])),
    });
    const cluster = createCluster(settings);
    return callKafka(cluster, { deadlineMs: DEADLINE_MS }, () => read(cluster, task, execution));
  };
}

async function read(
  cluster: KafkaCluster,
  { uid: taskUid }: Task,
  execution: Execution,
): Promise<Progress | undefined> {
  const groupId = consumerGroup({ uid: taskUid, spec: execution.spec });
  const { topic } = execution.spec.source;
  await cluster.addMultipleTargetTopics([topic]);
  const found = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
  const partitions = found.sort((a, b) => a - b);
  const offsets = await settledOffsets(cluster, { groupId, topic, partitions });
  if (offsets.size === 0) return undefined;
  const ends = await endsOf(cluster, execution, partitions);
  return progressOf(execution, partitions, { taskUid, offsets, ends });
}

interface Query {
  readonly groupId: string;
  readonly topic: string;
  readonly partitions: readonly number[];
}

async function settledOffsets(
  cluster: KafkaCluster,
  query: Query,
): Promise<ReadonlyMap<number, CommittedOffset>> {
  const coordinator = await cluster.findGroupCoordinator({ groupId: query.groupId });
  const deadline = AbortSignal.timeout(SETTLE_MS);
  try {
    return await fetchCommittedOffsets(coordinator, query, deadline);
  } catch (error) {
    if (!deadline.aborted) throw error;
    return await fetchCommittedOffsets(coordinator, { ...query, stable: false });
  }
}

/** Ends of what a bounded execution reads, or else of the topic. */
async function endsOf(
  cluster: KafkaCluster,
  { spec, progress }: Execution,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const known = new Map(progress.partitions.map((one) => [one.partition, one.endOffset]));
  if (spec.until === 'END') return known;
  const { topic } = spec.source;
  return new Map([...known, ...(await topicOffsets(cluster, { topic, partitions, at: 'end' }))]);
}

function progressOf(
  { number, progress }: Execution,
  partitions: readonly number[],
  {
    taskUid,
    offsets,
    ends,
  }: {
    readonly taskUid: string;
    readonly offsets: ReadonlyMap<number, CommittedOffset>;
    readonly ends: ReadonlyMap<number, number>;
  },
): Progress {
  const before = new Map(progress.partitions.map((one) => [one.partition, one]));
  const own = { taskUid, executionNumber: number };
  let counters = noCounters;
  const reached = partitions.flatMap((partition): PartitionProgress[] => {
    const committed = offsets.get(partition);
    const known = before.get(partition);
    if (!committed) return known ? [known] : [];
    counters = addCounters(counters, countersFrom(committed.metadata, own));
    const { offset } = committed;
    const endOffset = Math.max(offset, ends.get(partition) ?? offset);
    return [{ partition, offset, endOffset, lag: endOffset - offset }];
  });
  const lag = reached.reduce((sum, one) => sum + one.lag, 0);
  return { counters, partitions: reached, percentComplete: percentOf(counters.recordsIn, lag) };
}
