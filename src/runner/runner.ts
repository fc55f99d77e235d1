import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Span } from '@opentelemetry/api';
import { createEgressPolicy } from '../domain/egress.js';
import type { RunnerOutcome } from '../domain/runner-report.js';
import type { OffsetRange } from '../domain/suspects.js';
import {
  clientSettings,
  createKafka,
  type KafkaClientSettings,
  textOption,
} from '../kafka/client.js';
import { createCluster, type KafkaCluster } from '../kafka/cluster.js';
import { createSocketFactory } from '../kafka/egress.js';
import { preparing } from './batch-span.js';
import { runnerIdPrefix } from './client-id.js';
import { failureOf } from './failure.js';
import { begun, committedOffsets, notBegun } from './group-progress.js';
import { setInitialHeap } from './initial-heap.js';
import type { FromRunner, StartMessage } from './messages.js';
import { partitionsAtStart } from './offset-note.js';
import { followOthers } from './others-progress.js';
import { RunnerProgress } from './progress.js';
import { RunnerModels } from './runner-models.js';
import { ScoringWatch } from './scoring-watch.js';
import { removeStaleMembers } from './stale-members.js';
import type { FromThread, Plan, ThreadData, ThreadProgress, ToThread } from './thread-messages.js';
import { planTopics } from './topic-plan.js';

/** A cluster that cannot be reached at the start may be starting itself. */
const UNREACHABLE_MS = 60_000;
const RETRY_MS = 200;
const RETRY_MS_MAX = 2_000;
/** Other threads finish their commit within it when one breaks. */
const SETTLE_MS = 3_000;
/** How often it is looked whether a model hangs. */
const WATCH_MS = 250;
/** A thread that joins is in the group soon after it said so. */
const NUDGE_MS = 30;
const MEBIBYTE = 1024 * 1024;

type Outcome = RunnerOutcome;

/** Runs one execution: plans the topics, keeps `parallelism` predictor threads, and sums up what they report. */
export class Runner {
  readonly #start: StartMessage;
  readonly #say: (message: FromRunner) => void;
  readonly #progress: RunnerProgress;
  readonly #models: RunnerModels;
  readonly #watch: ScoringWatch;
  readonly #threads: Worker[] = [];
  readonly #running = new Set<number>();
  readonly #stop = new AbortController();
  /** From the start to being ready, if somebody traces. */
  readonly #preparing: Span | undefined;
  #ready = false;
  #outcome: Outcome | undefined;
  #ended: (outcome: Outcome) => void = () => undefined;
  #allGone: () => void = () => undefined;
  readonly #settled: Promise<void>;

  constructor(start: StartMessage, say: (message: FromRunner) => void) {
    this.#start = start;
    this.#say = say;
    this.#preparing = preparing(start);
    this.#settled = new Promise((resolve) => {
      this.#allGone = resolve;
    });
    this.#watch = new ScoringWatch(start.scoreTimeoutMs);
    this.#models = new RunnerModels({
      start,
      say,
      tellThreads: (message) => this.#tellThreads(message),
      fail: (error) => this.fail(error),
    });
    this.#progress = new RunnerProgress({
      threads: start.spec.parallelism,
      modelSha256: start.model?.sha256 ?? '',
      now: () => performance.now(),
    });
  }

  /** Resolves with what became of the execution, when all threads have ended or were given up. */
  async run(): Promise<Outcome> {
    const ended = new Promise<Outcome>((resolve) => {
      this.#ended = resolve;
    });
    this.#warnOfLowMemory();
    setInitialHeap(this.#start.spec.heapMinMib);
    this.#begin().catch((error: unknown) => this.fail(error));
    const outcome = await ended;
    await this.#settle();
    return outcome;
  }

  /** What it scores with, and waits to score with. */
  get models(): RunnerModels {
    return this.#models;
  }

  /** What is being scored. */
  get underWay(): readonly OffsetRange[] {
    return this.#watch.under();
  }

  /** Finishes the micro-batches under way and leaves the group. */
  stop(): void {
    this.#finish({ type: 'stopped' });
  }

  /** Ends the execution for this cause, unless it has one already. */
  fail(error: unknown): void {
    const { reason, message, fatal } = failureOf(error);
    this.#finish({ type: 'failed', reason, message, fatal });
  }

  /** Says how far it is. */
  heartbeat(): void {
    this.#say({
      type: 'heartbeat',
      epoch: this.#start.epoch,
      ...this.#progress.report(process.memoryUsage.rss()),
      measured: this.#progress.measured,
    });
  }

  /** V8 takes memory as it needs it; that the asked-for minimum is there can only be looked at. */
  #warnOfLowMemory(): void {
    const { heapMinMib, parallelism } = this.#start.spec;
    const wantedMib = heapMinMib * parallelism;
    const availableMib = Math.round(process.availableMemory() / MEBIBYTE);
    if (availableMib >= wantedMib) return;
    this.#say({
      type: 'log',
      epoch: this.#start.epoch,
      severity: 'WARNING',
      reason: 'LOW_MEMORY',
      message: `${availableMib} MiB of memory are available, less than heapMin asks for (${wantedMib} MiB).`,
    });
  }

  /** A group that nobody reads in for a week forgets its offsets, by default. */
  #warnOfMissingOffsets(): void {
    const { epoch, executionNumber, consumerGroup, spec } = this.#start;
    if (executionNumber === 1) return;
    const { topic, startFrom } = spec.source;
    const consequence =
      startFrom === 'EARLIEST'
        ? 'the first record: what it predicted before comes twice'
        : 'the next record to come: what came since it read is left out';
    this.#say({
      type: 'log',
      epoch,
      severity: 'WARNING',
      reason: 'OFFSETS_MISSING',
      message: `The group ${consumerGroup} has no offsets of ${topic}: it read nothing yet, or they expired while nobody read. It begins at ${consequence}.`,
    });
  }

  async #begin(): Promise<void> {
    const model = await this.#models.first();
    if (this.#outcome) return;
    const start = model ? { ...this.#start, model } : this.#start;
    for (let index = 0; index < start.spec.parallelism; index++) this.#spawn(start, index);
    setInterval(() => this.#watchScoring(), WATCH_MS).unref();
    await this.#plan();
  }

  /** A model that hangs blocks its thread for ever; the next runner knows what it was scoring. */
  #watchScoring(): void {
    const hang = this.#watch.tick(performance.now(), WATCH_MS);
    if (!hang) return;
    const { partition, from, to } = hang.range;
    const seconds = this.#start.scoreTimeoutMs / 1_000;
    const offsets = from === to ? `offset ${from}` : `offsets ${from} to ${to}`;
    const place = `${offsets} of ${this.#start.spec.source.topic}-${partition}`;
    const who = hang.isShadow ? 'shadow' : 'model';
    this.#finish({
      type: 'failed',
      reason: hang.isShadow ? 'SHADOW_HUNG' : 'MODEL_HUNG',
      message: `The ${who} did not return from ${place} within ${seconds} s.`,
      fatal: false,
      ...(hang.isShadow ? {} : { suspects: [hang.range] }),
    });
  }

  #spawn(start: StartMessage, index: number): void {
    const { spec } = start;
    const data: ThreadData = { start, index, mark: this.#watch.add() };
    const thread = new Worker(new URL('./predictor-thread.js', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: spec.heapMaxMib },
    });
    this.#threads.push(thread);
    this.#running.add(index);
    thread.on('message', (message: FromThread) => this.#heard(index, message));
    thread.on('error', (error) => this.#broke(error, index));
    thread.on('exit', () => this.#exited(index));
  }

  #heard(index: number, message: FromThread): void {
    switch (message.type) {
      case 'loaded':
        this.#progress.loaded(index);
        return;
      case 'joining':
        setTimeout(() => this.#nudgeOthers(index), NUDGE_MS).unref();
        return;
      case 'predictor':
        this.#progress.predictor(index, message.trouble);
        return;
      case 'progress':
        this.#updated(index, message.progress);
        this.#afterProgress();
        return;
      case 'model-loaded':
        this.#models.heard(index, message.sha256, undefined);
        return;
      case 'model-refused':
        this.#models.heard(index, message.sha256, message.cause);
        return;
      case 'log':
        this.#say({ ...message, epoch: this.#start.epoch });
        return;
      case 'ended':
        if (message.outcome.type === 'failed') this.#finish(message.outcome);
        this.#gone(index);
        return;
    }
  }

  #updated(index: number, progress: ThreadProgress): void {
    const before = this.#progress.modelSha256;
    this.#progress.update(index, progress);
    this.#models.inUse(this.#progress.modelSha256, before);
  }

  #afterProgress(): void {
    if (!this.#ready && this.#progress.ready) {
      this.#ready = true;
      this.#preparing?.end();
      this.heartbeat();
      this.#say({ type: 'ready', epoch: this.#start.epoch });
    }
    if (this.#progress.completed) this.#finish({ type: 'completed' });
  }

  #nudgeOthers(index: number): void {
    for (const [other, thread] of this.#threads.entries()) {
      if (other !== index) thread.postMessage({ type: 'nudge' } satisfies ToThread);
    }
  }

  #broke(error: unknown, index: number): void {
    const code = (error as { readonly code?: string }).code;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const message = `A predictor thread needed more than ${this.#start.spec.heapMaxMib} MiB of heap.`;
      const suspects = this.#watch.under(index);
      this.#finish({ type: 'failed', reason: 'OUT_OF_MEMORY', message, fatal: false, suspects });
      return;
    }
    this.fail(error);
  }

  #exited(index: number): void {
    this.#gone(index);
    if (this.#outcome) return;
    const message = 'A predictor thread ended by itself.';
    this.#finish({ type: 'failed', reason: 'THREAD_ENDED', message, fatal: false });
  }

  /** A thread that said its last word has no native code running and nothing uncommitted. */
  #gone(index: number): void {
    this.#running.delete(index);
    if (this.#running.size === 0) this.#allGone();
  }

  /** The first cause counts. */
  #finish(outcome: Outcome): void {
    if (this.#outcome) return;
    this.#outcome = outcome;
    this.#stop.abort();
    this.#tellThreads({ type: 'stop' });
    if (this.#running.size === 0) this.#allGone();
    this.#ended(outcome);
  }

  #tellThreads(message: ToThread): void {
    for (const thread of this.#threads) thread.postMessage(message);
  }

  /** After a failure the others have little time; a stop takes what it takes, and the supervisor watches it. */
  async #settle(): Promise<void> {
    const patience = this.#outcome?.type === 'failed' ? SETTLE_MS : undefined;
    if (patience === undefined) await this.#settled;
    else await Promise.race([this.#settled, delay(patience)]);
  }

  async #plan(): Promise<void> {
    const policy = createEgressPolicy([], this.#start.allowEgress);
    const { source } = this.#start.spec;
    const settings = clientSettings({
      source,
      bootstrapServers: this.#start.bootstrapServers,
      clientId: textOption(source.options, 'client.id') ?? `${runnerIdPrefix(this.#start)}main`,
      socketFactory: createSocketFactory(policy),
    });
    const giveUpAt = performance.now() + UNREACHABLE_MS;
    for (let retryMs = RETRY_MS; !this.#stop.signal.aborted; ) {
      const cluster = createCluster(settings);
      try {
        await cluster.connect();
        await cluster.refreshMetadata();
        const plan = await planTopics(createKafka(settings), cluster, this.#start);
        await this.#go(plan, cluster);
        this.#followOthers(settings, plan);
        return;
      } catch (error) {
        const failure = failureOf(error);
        if (!failure.unreachable || performance.now() > giveUpAt) throw error;
        this.#progress.troubled(failure);
        await delay(retryMs);
        retryMs = Math.min(RETRY_MS_MAX, 2 * retryMs);
      } finally {
        cluster.disconnect().catch(() => undefined);
      }
    }
  }

  async #go(topics: Omit<Plan, 'partitionsAtStart'>, cluster: KafkaCluster): Promise<void> {
    const { sourcePartitions, endOffsets } = topics;
    const partitions = Array.from({ length: sourcePartitions }, (_, partition) => partition);
    const offsets = await committedOffsets(cluster, this.#start, partitions);
    if (offsets.size === 0) this.#warnOfMissingOffsets();
    this.#progress.planned({
      endOffsets,
      begun: begun(this.#start, offsets, endOffsets),
      notBegun: await notBegun(cluster, this.#start, offsets, endOffsets),
    });
    const plan = { ...topics, partitionsAtStart: partitionsAtStart(offsets, sourcePartitions) };
    this.#tellThreads({ type: 'go', plan });
    // Only speeds things up: the session of a dead member ends by itself.
    await removeStaleMembers(cluster, this.#start, this.#stop.signal).catch(() => undefined);
  }

  /** Nobody else reads in a group that has its name from the task. */
  #followOthers(settings: KafkaClientSettings, plan: Omit<Plan, 'partitionsAtStart'>): void {
    const { source, until } = this.#start.spec;
    if (source.consumerGroup === '') return;
    const over = until === 'END' ? ' The execution is over when they have read them as well.' : '';
    const onShared = (partitions: number) =>
      this.#say({
        type: 'log',
        epoch: this.#start.epoch,
        severity: 'INFO',
        reason: 'GROUP_SHARED',
        message: `Others in the group ${source.consumerGroup} read ${partitions} of the ${plan.sourcePartitions} partitions of ${source.topic}.${over}`,
      });
    const onProgress = () => this.#afterProgress();
    const found = { progress: this.#progress, onShared, onProgress };
    void followOthers({ settings, start: this.#start, plan, ...found }, this.#stop.signal);
  }
}
