import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ISocketFactory } from 'kafkajs';
import { nothingMeasured } from '../domain/measures.js';
import { clientSettings, numberOption, textOption } from '../kafka/client.js';
import { createCluster, type KafkaCluster } from '../kafka/cluster.js';
import { Fetcher } from '../kafka/fetcher.js';
import { GroupMember } from '../kafka/group-member.js';
import { namingTopics } from '../kafka/kafka-error.js';
import { adaptedPlan, PlanAdaptedError } from './adapted-plan.js';
import { BatchPreparer } from './batch-preparer.js';
import type { BatchSpans } from './batch-span.js';
import { clientIdOf } from './client-id.js';
import { type Failure, failureOf, RunnerError } from './failure.js';
import { measureBatch } from './measure-batch.js';
import { type Committed, PartitionLoop } from './partition-loop.js';
import { ScoringMark } from './scoring-mark.js';
import type { Plan, ThreadData, ThreadProgress, Trouble } from './thread-messages.js';
import type { ThreadModels } from './thread-models.js';
import { checkPartitions, leaderless, TopicChangedError, topicsOf } from './topic-watch.js';
import { Turns } from './turns.js';

export interface TaskLoopOptions extends ThreadData {
  readonly plan: Plan;
  readonly models: ThreadModels;
  readonly socketFactory: ISocketFactory;
  /** Absent: nobody traces. */
  readonly spans: BatchSpans | undefined;
  readonly onJoining: () => void;
  readonly onLog: (severity: 'INFO' | 'WARNING', reason: string, message: string) => void;
}

/** As short as brokers allow by default: a killed member holds its partitions for so long. */
const SESSION_TIMEOUT_MS = 6_000;
/** Of a model whose slices take longer than that: so many of them, up to what brokers allow. A machine that was paused makes one slice seem long. */
const SESSION_SLICES = 3;
const SESSION_TIMEOUT_MS_MAX = 300_000;
const HEARTBEAT_MS = 1_500;
const HEARTBEATS_LEAST = 3;
/** A member that changes finishes its commit in well under a second. */
const REBALANCE_TIMEOUT_MS = 10_000;
const FETCH_WAIT_MS = 500;
const FETCH_BYTES = 16 * 1024 * 1024;
const PARTITION_FETCH_BYTES = 2 * 1024 * 1024;
/** Fetched records that wait in one thread, shared by its partitions. */
const THREAD_BUFFER_BYTES = 64 * 1024 * 1024;
const PARTITION_BUFFER_BYTES_LEAST = 1024 * 1024;
const PARTITION_BUFFER_BYTES_MOST = 8 * 1024 * 1024;
/** New connections after trouble: at once, then ever later, unless the task says how long to wait. */
const RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;
/** Trouble that is not the network's, again and again without any progress: the supervisor's restart is next. */
const FAILURES_MAX = 8;
/** How long a broken set of loops may take to settle before new ones begin; their producers are fenced anyway. */
const SETTLE_MS = 5_000;
const LEAVE_MS = 1_000;
/** Batch durations kept between two reports. */
const SAMPLES_MAX = 256;

interface Connections {
  readonly data: KafkaCluster;
  readonly group: KafkaCluster;
}

/** The data loop of one thread: joins the group, reads what it is given, and starts over when its connections break. */
export class TaskLoop {
  readonly #options: TaskLoopOptions;
  #plan: Plan;
  #loops: readonly PartitionLoop[] = [];
  #connected = false;
  #joined = false;
  #turnedAt = performance.now();
  #committedAt = 0;
  #trouble: Trouble | undefined;
  /** Of partitions that have no leader, while the others go on. */
  #leaderless: Trouble | undefined;
  #batchMs: number[] = [];
  #measured = nothingMeasured();
  #nudge: (() => void) | undefined;
  /** As the group knew it before the connections broke. */
  #memberId = '';

  constructor(options: TaskLoopOptions) {
    this.#options = options;
    this.#plan = options.plan;
  }

  /** Asks the group at once whether it changes. */
  nudge(): void {
    this.#nudge?.();
  }

  /** The state now, with what was measured since the last call. */
  progress(): ThreadProgress {
    const batchMs = this.#batchMs;
    this.#batchMs = [];
    const measured = this.#measured;
    this.#measured = nothingMeasured();
    const { models } = this.#options;
    const answered = this.#loops.every((loop) => loop.answered);
    const trouble = this.#trouble ?? this.#leaderless;
    return {
      loopAgeMs: Math.round(performance.now() - this.#turnedAt),
      ...(trouble ? { trouble } : {}),
      connected: this.#connected,
      joined: this.#joined,
      ready: this.#joined && answered,
      partitions: this.#loops.flatMap(({ state }) => state ?? []),
      batchMs,
      measured,
      modelSha256: models.active.sha256,
      ...(models.shadow ? { shadow: models.shadow } : {}),
    };
  }

  /** Runs until `stop` is aborted. Rejects with what a new set of connections does not mend. */
  async run(stop: AbortSignal): Promise<void> {
    const { options } = this.#options.start.spec.source;
    const leastMs = numberOption(options, 'retry.backoff.ms') ?? RETRY_MS;
    let failures = 0;
    for (let retryMs = leastMs; !stop.aborted; ) {
      const before = this.#committedAt;
      try {
        await this.#session(stop);
      } catch (error) {
        if (stop.aborted) return;
        const failure = failureOf(error);
        const progressed = this.#committedAt !== before;
        if (progressed || failure.unreachable) failures = 0;
        else if (!(error instanceof PlanAdaptedError)) failures++;
        if (failure.fatal || error instanceof TopicChangedError) throw error;
        if (failures > FAILURES_MAX) throw lasting(failure, error);
        this.#troubled(failure);
        if (progressed) retryMs = leastMs;
        await delay(retryMs, undefined, { signal: stop }).catch(() => undefined);
        retryMs = Math.min(Math.max(RETRY_MS_MAX, leastMs), 2 * retryMs);
      }
    }
  }

  #troubled(failure: Trouble): void {
    const { reason, message } = failure;
    if (this.#trouble?.reason !== reason) this.#options.onLog('WARNING', reason, message);
    this.#trouble = { reason, message };
    this.#connected = false;
    this.#joined = false;
    this.#turnedAt = performance.now();
  }

  /** One set of connections, from connecting to leaving the group. */
  async #session(stop: AbortSignal): Promise<void> {
    const connections = this.#connections();
    const broken = new AbortController();
    const signal = AbortSignal.any([stop, broken.signal]);
    const member = this.#member(connections.group);
    const fetcher = this.#fetcher(connections.data);
    try {
      await this.#connect(connections);
      const fetching = fetcher.run(signal);
      fetching.catch(() => undefined);
      while (!stop.aborted)
        await this.#generation({ connections, member, fetcher, fetching }, signal);
      // A broker that does not answer must not hold up a stop; the session ends by itself.
      await Promise.race([member.leave(), delay(LEAVE_MS, undefined, { ref: false })]);
    } finally {
      broken.abort();
      this.#leaderless = undefined;
      this.#memberId = member.memberId;
      this.#loops = [];
      for (const cluster of Object.values(connections) as KafkaCluster[]) {
        cluster.disconnect().catch(() => undefined);
      }
    }
  }

  async #connect({ data, group }: Connections): Promise<void> {
    const { source } = this.#options.start.spec;
    const topics = topicsOf(source.topic, this.#plan);
    await Promise.all([data.connect(), group.connect()]);
    await data.addMultipleTargetTopics(topics).catch((error: unknown) => {
      throw namingTopics(error, topics);
    });
    for (const name of topics) {
      if (data.findTopicPartitionMetadata(name).length > 0) continue;
      throw new RunnerError('TOPIC_NOT_FOUND', `There is no topic ${name}.`, false);
    }
    checkPartitions(data, source.topic, this.#plan);
    this.#connected = true;
  }

  /** One generation of the group: from joining until it changes. */
  async #generation(session: Session, signal: AbortSignal): Promise<void> {
    const { connections, member, fetcher, fetching } = session;
    this.#options.onJoining();
    const assignment = await member.join(signal);
    this.#joined = true;
    const over = new AbortController();
    const inGeneration = AbortSignal.any([signal, over.signal]);
    // Two for each partition loop, and the heartbeats.
    setMaxListeners(2 * assignment.partitions.length + 8, inGeneration);
    const context = this.#loopContext(connections.data, fetcher, assignment.partitions.length);
    const loops = assignment.partitions.map(
      (partition) => new PartitionLoop(context, partition, assignment),
    );
    this.#loops = loops;
    const running = loops.map((loop) => loop.run(inGeneration));
    const beating = this.#heartbeats(connections.data, member, inGeneration);
    const ends = [...running.map(forever), fetching, beating];
    try {
      await Promise.race(ends);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
      fetcher.clear();
      await Promise.race([
        Promise.allSettled(running),
        delay(SETTLE_MS, undefined, { ref: false }),
      ]);
    }
  }

  /** Resolves when the member must join again. */
  async #heartbeats(data: KafkaCluster, member: GroupMember, signal: AbortSignal): Promise<void> {
    const { source } = this.#options.start.spec;
    const everyMs = numberOption(source.options, 'heartbeat.interval.ms') ?? HEARTBEAT_MS;
    // However seldom it is asked for, a session needs some.
    const mostMs = this.#sessionMs() / HEARTBEATS_LEAST;
    while (!signal.aborted) {
      await this.#pause(Math.min(everyMs, mostMs), signal);
      if (signal.aborted) return;
      if (!(await member.heartbeat())) return;
      checkPartitions(data, source.topic, this.#plan);
      this.#lookForLeaders(data);
      this.#trouble = undefined;
    }
  }

  #lookForLeaders(data: KafkaCluster): void {
    const { topic } = this.#options.start.spec.source;
    const trouble = leaderless(data, topicsOf(topic, this.#plan));
    if (trouble && !this.#leaderless) {
      this.#options.onLog('WARNING', trouble.reason, trouble.message);
    }
    this.#leaderless = trouble;
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#nudge = resolve;
    });
    const wake = () => this.#nudge?.();
    signal.addEventListener('abort', wake, { once: true });
    await over;
    signal.removeEventListener('abort', wake);
    clearTimeout(timer);
    this.#nudge = undefined;
  }

  #connections(): Connections {
    const { start, index, socketFactory } = this.#options;
    const { source } = start.spec;
    const make = (clientId: string) =>
      createCluster(
        clientSettings({
          source,
          bootstrapServers: start.bootstrapServers,
          clientId,
          socketFactory,
        }),
      );
    const memberId = clientIdOf(start, index);
    return {
      data: make(textOption(source.options, 'client.id') ?? memberId),
      group: make(memberId),
    };
  }

  #member(cluster: KafkaCluster): GroupMember {
    const { start } = this.#options;
    const { topic } = start.spec.source;
    return new GroupMember({
      cluster,
      groupId: start.consumerGroup,
      topic,
      sessionTimeoutMs: () => this.#sessionMs(),
      rebalanceTimeoutMs: REBALANCE_TIMEOUT_MS,
      memberId: this.#memberId,
    });
  }

  /** A model that blocks the thread for long keeps it from its heartbeats; one that hangs is found by others. */
  #sessionMs(): number {
    const { models, start } = this.#options;
    const patient = Math.max(SESSION_TIMEOUT_MS, SESSION_SLICES * models.active.slowestMs);
    const wanted = Math.min(SESSION_TIMEOUT_MS_MAX, Math.ceil(patient));
    return numberOption(start.spec.source.options, 'session.timeout.ms') ?? wanted;
  }

  #fetcher(cluster: KafkaCluster): Fetcher {
    const { topic, options } = this.#options.start.spec.source;
    return new Fetcher({
      cluster,
      topic,
      maxWaitMs: numberOption(options, 'fetch.max.wait.ms') ?? FETCH_WAIT_MS,
      minBytes: numberOption(options, 'fetch.min.bytes') ?? 1,
      maxBytes: numberOption(options, 'fetch.max.bytes') ?? FETCH_BYTES,
      partitionBytes: numberOption(options, 'max.partition.fetch.bytes') ?? PARTITION_FETCH_BYTES,
      onAnswer: () => {
        this.#turnedAt = performance.now();
      },
    });
  }

  #loopContext(cluster: KafkaCluster, fetcher: Fetcher, partitions: number) {
    const { start, models, onLog } = this.#options;
    const share = Math.floor(THREAD_BUFFER_BYTES / Math.max(1, partitions));
    const preparer = new BatchPreparer({
      models,
      mark: new ScoringMark(this.#options.mark),
      suspects: start.suspects,
      turns: new Turns(),
      plan: this.#plan,
      spec: start.spec,
      spans: this.#options.spans,
      onTurn: () => {
        this.#turnedAt = performance.now();
      },
    });
    return {
      start,
      cluster,
      fetcher,
      preparer,
      onLog,
      bufferBytes: Math.min(
        PARTITION_BUFFER_BYTES_MOST,
        Math.max(PARTITION_BUFFER_BYTES_LEAST, share),
      ),
      ...(this.#plan.endOffsets ? { endOffsets: this.#plan.endOffsets } : {}),
      partitionsAtStart: this.#plan.partitionsAtStart,
      onCommit: (committed: Committed) => this.#committed(committed),
      onRefused: (type: string) => this.#refused(type),
      onStale: () => this.nudge(),
    };
  }

  #committed(committed: Committed): void {
    measureBatch(this.#measured, committed, Date.now());
    this.#committedAt = performance.now();
    this.#turnedAt = this.#committedAt;
    this.#trouble = undefined;
    const ms = Math.round(committed.batchMs * 10) / 10;
    if (this.#batchMs.length < SAMPLES_MAX) this.#batchMs.push(ms);
  }

  /** A broker refused a batch: the next session writes what it takes, if there is such a thing. */
  #refused(error: string): void {
    const adapted = adaptedPlan(this.#plan, error);
    if (!adapted) return;
    this.#plan = adapted.plan;
    throw new PlanAdaptedError(adapted.because);
  }
}

interface Session {
  readonly connections: Connections;
  readonly member: GroupMember;
  readonly fetcher: Fetcher;
  readonly fetching: Promise<void>;
}

/** A topic that stays away is gone; anything else may be mended by a new process. */
function lasting(failure: Failure, error: unknown): unknown {
  if (failure.reason !== 'TOPIC_NOT_FOUND') return error;
  return new RunnerError(failure.reason, failure.message);
}

/** A loop that ends without error ended because it was told to. */
async function forever(loop: Promise<void>): Promise<never> {
  await loop;
  return await new Promise<never>(() => undefined);
}
