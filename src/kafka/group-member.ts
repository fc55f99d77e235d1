import { AssignerProtocol } from 'kafkajs';
import type { KafkaBroker, KafkaCluster } from './cluster.js';
import { kafkaErrorType } from './kafka-error.js';

/** What a member owns in one generation of its group. */
export interface Assignment {
  readonly generation: number;
  readonly memberId: string;
  /** Of the one topic that the group reads, ascending. */
  readonly partitions: readonly number[];
}

export interface GroupMemberOptions {
  /** Used for nothing else: joining blocks its connection while the others finish. */
  readonly cluster: KafkaCluster;
  readonly groupId: string;
  readonly topic: string;
  /** After so long without a heartbeat the partitions go to others. Asked for at each join. */
  readonly sessionTimeoutMs: () => number;
  /** Time that the group gives a member to finish its work when members come or go. */
  readonly rebalanceTimeoutMs: number;
  /** Of a member that lost its connections; the group need not wait for the end of its session then. Default: new. */
  readonly memberId?: string;
}

/** Joining again is normal while a group changes, and endless only when something is wrong. */
const JOIN_ATTEMPTS_MAX = 50;
const JOIN_RETRY_MS = 50;
const ASSIGNER = 'predictd-round-robin';

const joinAgain = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
]);

/**
 * One member of a consumer group that reads one topic. Partitions are dealt out in turn, in the
 * order of the member ids.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  #memberId = '';
  #generation = -1;
  #coordinator: KafkaBroker | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#memberId = options.memberId ?? '';
  }

  /** As the group knows it; empty if it does not. */
  get memberId(): string {
    return this.#memberId;
  }

  /** Joins, or joins again; resolves with what this member owns from now on. */
  async join(signal: AbortSignal): Promise<Assignment> {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await this.#joinOnce();
      } catch (error) {
        const type = kafkaErrorType(error);
        if (!joinAgain.has(type) || attempt === JOIN_ATTEMPTS_MAX) throw error;
        if (type === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
        await new Promise((resolve) => setTimeout(resolve, JOIN_RETRY_MS));
      }
    }
  }

  /**
   * Tells the group that this member lives. False if it must join again; throws when the broker
   * cannot be asked.
   */
  async heartbeat(): Promise<boolean> {
    try {
      await this.#coordinator?.heartbeat({
        groupId: this.#options.groupId,
        groupGenerationId: this.#generation,
        memberId: this.#memberId,
      });
      return true;
    } catch (error) {
      const type = kafkaErrorType(error);
      if (type === 'UNKNOWN_MEMBER_ID') this.#memberId = '';
      if (joinAgain.has(type)) return false;
      throw error;
    }
  }

  /** Gives the partitions back at once. Never throws: the session would end by itself. */
  async leave(): Promise<void> {
    if (!this.#memberId || !this.#coordinator) return;
    const memberId = this.#memberId;
    this.#memberId = '';
    const { groupId } = this.#options;
    await this.#coordinator.leaveGroup({ groupId, memberId }).catch(() => undefined);
  }

  async #joinOnce(): Promise<Assignment> {
    const { cluster, groupId, topic } = this.#options;
    this.#coordinator = await cluster.findGroupCoordinator({ groupId });
    const joined = await this.#coordinator.joinGroup({
      groupId,
      sessionTimeout: this.#options.sessionTimeoutMs(),
      rebalanceTimeout: this.#options.rebalanceTimeoutMs,
      memberId: this.#memberId,
      groupProtocols: [{ name: ASSIGNER, metadata: memberMetadata(topic) }],
    });
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const leads = joined.leaderId === joined.memberId;
    const synced = await this.#coordinator.syncGroup({
      groupId,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupAssignment: leads ? await this.#deal(joined.members) : [],
    });
    const decoded = AssignerProtocol.MemberAssignment.decode(synced.memberAssignment);
    const partitions = [...(decoded?.assignment[topic] ?? [])].sort((a, b) => a - b);
    return { generation: joined.generationId, memberId: joined.memberId, partitions };
  }

  /** Members may read different topics: each topic is dealt among those who read it. */
  async #deal(members: readonly { memberId: string; memberMetadata: Buffer }[]) {
    const { cluster } = this.#options;
    await cluster.addMultipleTargetTopics([this.#options.topic]);
    await cluster.refreshMetadata();
    const assignments = new Map(members.map(({ memberId }) => [memberId, {}]));
    for (const [topic, ids] of readersByTopic(members)) {
      if (!(await this.#knows(topic))) continue;
      const all = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      const dealt = dealPartitions(all, ids.length);
      for (const [index, memberId] of ids.entries()) {
        assignments.set(memberId, { ...assignments.get(memberId), [topic]: dealt[index] ?? [] });
      }
    }
    return [...assignments].map(([memberId, assignment]) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment,
        userData: Buffer.alloc(0),
      }),
    }));
  }

  /** A topic of others may be gone, or be none of this member's business. */
  async #knows(topic: string): Promise<boolean> {
    try {
      await this.#options.cluster.addMultipleTargetTopics([topic]);
      return true;
    } catch (error) {
      if (topic === this.#options.topic) throw error;
      return false;
    }
  }
}

/** The ids of the members that read a topic, in their order. */
function readersByTopic(
  members: readonly { memberId: string; memberMetadata: Buffer }[],
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  for (const { memberId, memberMetadata } of members) {
    const { topics = [] } = AssignerProtocol.MemberMetadata.decode(memberMetadata) ?? {};
    for (const topic of topics)
      readers.set(topic, [...(readers.get(topic) ?? []), memberId].sort());
  }
  return readers;
}

/** Deals partitions out in turn. */
export function dealPartitions(partitions: readonly number[], members: number): number[][] {
  const dealt: number[][] = Array.from({ length: members }, () => []);
  const ascending = [...partitions].sort((a, b) => a - b);
  for (const [index, partition] of ascending.entries()) dealt[index % members]?.push(partition);
  return dealt;
}

function memberMetadata(topic: string): Buffer {
  return AssignerProtocol.MemberMetadata.encode({
    version: 1,
    topics: [topic],
    userData: Buffer.alloc(0),
  });
}
