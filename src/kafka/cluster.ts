import { createRequire } from 'node:module';
import type { logLevel } from 'kafkajs';
import { type KafkaClientSettings, SUPPORTED_RETRY } from './client.js';
import { kafkaErrorType } from './kafka-error.js';
import { missingLeader, takeMissingLeaders } from './missing-leaders.js';
import { nameNewErrors } from './protocol-errors.js';
import { quietRequestQueue } from './quiet-queue.js';
import { tellRefusedPartitions } from './txn-refusals.js';

/**
 * One set of connections to a Kafka cluster: kafkajs's own cluster and broker objects, below its
 * consumer and producer. Those two hide what this service must decide itself: when a partition
 * changes hands, which requests may overlap, and what to do after an error. A cluster opens a
 * connection for fetching and one for the rest to each broker, and a request waits for those before
 * it on its connection: a blocking call deserves a cluster of its own.
 */
export interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  /** The brokers, and these topics; all topics if there are none. */
  metadata(about: { topics: readonly string[] }): Promise<{
    brokers: readonly { nodeId: number; host: string; port: number }[];
  }>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
  findBroker(node: { nodeId: number | string }): Promise<KafkaBroker>;
  findControllerBroker(): Promise<KafkaBroker>;
  findGroupCoordinator(wanted: CoordinatorQuery): Promise<KafkaBroker>;
  fetchTopicsOffset(
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number }[];
      fromBeginning: boolean;
      /** Milliseconds since 1970: the first record that is not older; -1 if there is none. */
      fromTimestamp?: number;
    }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
}

export const CoordinatorType = { GROUP: 0, TRANSACTION: 1 } as const;
export type CoordinatorType = (typeof CoordinatorType)[keyof typeof CoordinatorType];

export interface PartitionMetadata {
  readonly partitionId: number;
  /** -1: none. */
  readonly leader: number;
  readonly partitionErrorCode: number;
}

interface TransactionFacts {
  readonly transactionalId: string;
  readonly producerId: string;
  readonly producerEpoch: number;
}

export interface OffsetTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly metadata: string;
  }[];
}

/**
 * A broker's requests, as kafkajs makes them; each throws an error whose `type` is Kafka's name of
 * it.
 */
export interface KafkaBroker {
  readonly nodeId: number | string;
  readonly connectionPool: {
    send(call: { request: unknown; response: unknown }): Promise<unknown>;
  };
  /** The requests that it knows, by Kafka's number of each. */
  apiVersions(): Promise<Readonly<Record<number, { minVersion: number; maxVersion: number }>>>;
  joinGroup(request: {
    groupId: string;
    sessionTimeout: number;
    rebalanceTimeout: number;
    memberId: string;
    groupProtocols: readonly { name: string; metadata: Buffer }[];
  }): Promise<{
    generationId: number;
    leaderId: string;
    memberId: string;
    members: readonly { memberId: string; memberMetadata: Buffer }[];
  }>;
  syncGroup(request: {
    groupId: string;
    generationId: number;
    memberId: string;
    groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[];
  }): Promise<{ memberAssignment: Buffer }>;
  heartbeat(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
  }): Promise<unknown>;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  describeGroups(request: { groupIds: readonly string[] }): Promise<{
    groups: readonly {
      groupId: string;
      state: string;
      members: readonly { memberId: string; clientId: string }[];
    }[];
  }>;
  offsetCommit(request: {
    groupId: string;
    groupGenerationId: number;
    memberId: string;
    topics: readonly OffsetTopic[];
  }): Promise<unknown>;
  deleteRecords(request: {
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; offset: string }[];
    }[];
  }): Promise<unknown>;
  initProducerId(request: {
    transactionalId?: string;
    transactionTimeout: number;
  }): Promise<{ producerId: string; producerEpoch: number }>;
  addPartitionsToTxn(
    request: TransactionFacts & {
      topics: readonly { topic: string; partitions: readonly number[] }[];
    },
  ): Promise<unknown>;
  addOffsetsToTxn(request: TransactionFacts & { groupId: string }): Promise<unknown>;
  txnOffsetCommit(
    request: TransactionFacts & { groupId: string; topics: readonly OffsetTopic[] },
  ): Promise<unknown>;
  endTxn(request: TransactionFacts & { transactionResult: boolean }): Promise<unknown>;
  produce(request: {
    transactionalId?: string;
    producerId: string;
    producerEpoch: number;
    acks: number;
    timeout: number;
    compression: number;
    topicData: readonly {
      topic: string;
      partitions: readonly { partition: number; firstSequence: number; messages: unknown }[];
    }[];
  }): Promise<unknown>;
  fetch(request: {
    replicaId: number;
    isolationLevel: number;
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    topics: readonly {
      topic: string;
      partitions: readonly { partition: number; fetchOffset: string; maxBytes: number }[];
    }[];
  }): Promise<{
    responses: readonly { topicName: string; partitions: readonly FetchedPartitionData[] }[];
  }>;
}

/** One partition of a fetch response, as `broker.fetch` gives it. */
export interface FetchedPartitionData {
  readonly partition: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  /** What the codec in use makes of the records. */
  readonly messages: unknown;
}

/**
 * What kafkajs makes of one partition of a fetch response: visible records, and how far it reaches.
 */
export interface FetchedBatch {
  readonly messages: readonly unknown[];
  readonly rawMessages: { readonly length: number };
  lastOffset(): string;
}

interface CoordinatorQuery {
  readonly groupId: string;
  readonly coordinatorType?: CoordinatorType;
}

/** What of kafkajs's cluster is only called by itself. */
interface ClusterInside {
  readonly brokerPool: {
    findConnectedBroker(): Promise<{
      findGroupCoordinator(wanted: CoordinatorQuery): Promise<unknown>;
    }>;
  };
  findGroupCoordinatorMetadata(wanted: CoordinatorQuery): Promise<unknown>;
}

type ClusterClass = new (options: object) => KafkaCluster & ClusterInside;
type BatchClass = new (
  topic: string,
  fetchedOffset: string,
  data: FetchedPartitionData,
) => FetchedBatch;

const require = createRequire(import.meta.url);
// Also for clients that come before, or without, the codecs.
quietRequestQueue();
nameNewErrors();
tellRefusedPartitions();
takeMissingLeaders();
const Cluster: ClusterClass = require('kafkajs/src/cluster');
const Batch: BatchClass = require('kafkajs/src/consumer/batch');
const { createLogger }: { createLogger(options: object): unknown } = require('kafkajs/src/loggers');

/** Kafka's number for records of committed transactions only. */
export const READ_COMMITTED = 1;

/**
 * Metadata of topics is read anew after so long even when nothing failed, to see new partitions.
 */
const METADATA_MAX_AGE_MS = 10_000;

/** Says what brokers say where kafkajs keeps it to itself. */
class TellingCluster extends Cluster {
  override async findBroker({ nodeId }: { nodeId: number | string }): Promise<KafkaBroker> {
    // -1 is nobody: the partition has no leader.
    if (Number(nodeId) >= 0) return await super.findBroker({ nodeId });
    // As kafkajs does it for a broker that it does not know.
    await this.refreshMetadata();
    throw missingLeader();
  }

  /** Of all that brokers say kafkajs tells only that no coordinator was found, which is worth waiting for; a missing right is not. */
  override async findGroupCoordinatorMetadata(wanted: CoordinatorQuery): Promise<unknown> {
    try {
      return await super.findGroupCoordinatorMetadata(wanted);
    } catch (error) {
      if (kafkaErrorType(error) !== 'KafkaJSGroupCoordinatorNotFound') throw error;
      const broker = await this.brokerPool.findConnectedBroker();
      await broker.findGroupCoordinator(wanted).catch((refusal: unknown) => {
        if (kafkaErrorType(refusal).endsWith('_AUTHORIZATION_FAILED')) throw refusal;
      });
      throw error;
    }
  }
}

/** Makes a cluster; nothing is connected yet. The caller disconnects it. */
export function createCluster(settings: KafkaClientSettings): KafkaCluster {
  const silent: logLevel = 0;
  return new TellingCluster({
    ...settings,
    brokers: [...settings.brokers],
    logger: createLogger({ level: silent, logCreator: () => () => undefined }),
    retry: SUPPORTED_RETRY,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    isolationLevel: READ_COMMITTED,
    maxInFlightRequests: null,
    offsets: new Map(),
  });
}

/** Filters a partition's part of a fetch response as kafkajs's consumer does. */
export function fetchedBatch(
  topic: string,
  fetchedOffset: string,
  data: FetchedPartitionData,
): FetchedBatch {
  return new Batch(topic, fetchedOffset, data);
}
