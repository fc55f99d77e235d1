import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { enumToJson, type MessageInitShape } from '@bufbuild/protobuf';
import type { Producer } from 'kafkajs';
import { State, StateSchema } from '../../gen/ts/predictd/v1/state_pb.js';
import type { TaskSpec, TaskSpecSchema, TaskStatus } from '../../gen/ts/predictd/v1/task_pb.js';
import { type Connection, connect } from '../../src/cli/connection.js';
import {
  type LocalService,
  type LocalServiceOptions,
  startLocalService,
} from '../../src/demo/local-service.js';
import { taskName } from '../main-job/service-under-test.js';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';
import type { TestKafka } from '../support/kafka.js';
import type { Figures, Lab } from './lab.js';

/** What differs from an ordinary spec. */
type SpecInit = Omit<
  Exclude<MessageInitShape<typeof TaskSpecSchema>, TaskSpec>,
  '$typeName' | 'source'
> & { readonly source?: { readonly options: Record<string, string> } };

export interface StreamOptions {
  readonly kafka: TestKafka;
  /** What the service connects to. Default: the cluster itself. */
  readonly brokers?: string;
  readonly partitions?: number;
  readonly model?: string;
  readonly flags?: readonly string[];
  readonly data?: string;
  readonly spec?: SpecInit;
  readonly topicSettings?: Readonly<Record<string, string>>;
  /** Records that are there when the task starts. */
  readonly records?: number;
  /** Whether the task is started. Default true. */
  readonly start?: boolean;
}

export interface AccountOptions {
  /** A topic that the records may be in instead of the sink, in any order. */
  readonly alsoIn?: string;
  /** Whether keys must ascend in each partition of the sink. Default true. */
  readonly inOrder?: boolean;
  readonly deadlineMs?: number;
}

/** Longer than two leases, a restart with its delays, and the session of a member that nobody removed. */
const recoverMs = 60_000;
const feedEveryMs = 50;
const feedRecords = 50;

/** The real service with one task on it, whose every record is accounted for. */
export class Stream {
  readonly kafka: TestKafka;
  readonly source: string;
  readonly sink: string;
  readonly name = taskName('stream');
  service: LocalService;
  connection: Connection;
  readonly #options: StreamOptions;
  readonly #serviceOptions: LocalServiceOptions;
  readonly #partitions: number;
  #nextId = 0;
  #feeding = false;
  #feed: Promise<void> = Promise.resolve();

  private constructor(
    options: StreamOptions,
    facts: { serviceOptions: LocalServiceOptions; service: LocalService; source: string },
  ) {
    this.#options = options;
    this.kafka = options.kafka;
    this.source = facts.source;
    this.sink = `${facts.source}-out`;
    this.service = facts.service;
    this.#serviceOptions = facts.serviceOptions;
    this.#partitions = options.partitions ?? 2;
    this.connection = connectTo(facts.service);
  }

  /** Starts a service, uploads the model, defines the task and waits until it runs. It is ended with the case. */
  static async open(lab: Lab, options: StreamOptions): Promise<Stream> {
    const { kafka, partitions = 2, brokers = kafka.bootstrapServers } = options;
    const settings = options.topicSettings ?? {};
    const source = await kafka.createTopic({ prefix: 'fault', partitions, settings });
    const data = options.data ?? (await lab.directory());
    const serviceOptions = { brokers, data, flags: options.flags ?? [] };
    const service = await startLocalService(serviceOptions);
    const stream = new Stream(options, { serviceOptions, service, source });
    lab.after(() => stream.#end());
    await uploadModel(stream.connection, options.model ?? 'iris');
    await stream.define();
    if (options.records) await stream.produce(options.records);
    if (options.start !== false) {
      await stream.start();
      await stream.running();
    }
    return stream;
  }

  /** Defines the task, or another one on the same topics. */
  async define(taskId = 'stream'): Promise<void> {
    const model = this.#options.model ?? 'iris';
    const { source = {}, ...rest } = this.#options.spec ?? {};
    const spec = {
      source: { topic: this.source, ...source },
      sink: { topic: taskId === 'stream' ? this.sink : `${this.sink}-${taskId}` },
      predictor: { kind: { case: 'onnx', value: { model } } },
      batch: { maxRecords: 100 },
      ...rest,
    } as const;
    await this.connection.tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
  }

  async start(): Promise<void> {
    await this.connection.tasks.startTask({ name: this.name });
  }

  async status(): Promise<TaskStatus> {
    const { status } = await this.connection.tasks.getTask({ name: this.name });
    assert.ok(status);
    return status;
  }

  /** Waits for a status, and answers it. */
  until(
    what: string,
    holds: (status: TaskStatus) => boolean,
    deadlineMs = recoverMs,
  ): Promise<TaskStatus> {
    let last: TaskStatus | undefined;
    const found = eventually(
      async () => {
        last = await this.status();
        return holds(last) && last;
      },
      { deadlineMs, what },
    );
    return found.catch((error: unknown) => {
      throw new Error(`${String(error)}; it was ${describe(last)}`);
    });
  }

  running(deadlineMs?: number): Promise<TaskStatus> {
    return this.until('RUNNING', ({ state }) => state === State.RUNNING, deadlineMs);
  }

  /** Milliseconds from now until a further record is done and the task says RUNNING. Something must feed it. */
  async recovers(deadlineMs?: number): Promise<number> {
    const startedAt = performance.now();
    const before = done(await eventually(() => this.status(), { deadlineMs: recoverMs }));
    await this.until(
      'records are predicted again',
      (status) => done(status) > before && status.state === State.RUNNING,
      deadlineMs,
    );
    return performance.now() - startedAt;
  }

  /** Writes records with ascending keys, in turn to all partitions. */
  async produce(count: number): Promise<void> {
    const slice = 20_000;
    for (let left = count; left > 0; left -= slice) {
      await this.kafka.produceRecords(this.source, this.#messages(Math.min(slice, left)));
    }
  }

  /** Writes records all the time, past brokers that come and go, until `account` or the end of the case. */
  feed(): void {
    if (this.#feeding) return;
    this.#feeding = true;
    this.#feed = this.#keepFeeding();
  }

  async stopFeeding(): Promise<void> {
    this.#feeding = false;
    await this.#feed;
  }

  /** Ends the feed, waits until all is predicted, and counts what is in the sink against what is in the source. */
  async account(
    options: AccountOptions = {},
  ): Promise<Required<Pick<Figures, 'recordsIn' | 'recordsOut' | 'lost' | 'doubled'>>> {
    await this.stopFeeding();
    await this.caughtUp(options.deadlineMs);
    const expected = await this.kafka.readCommitted(this.source);
    const found = await this.kafka.readCommitted(this.sink);
    if (options.alsoIn) found.push(...(await this.kafka.readCommitted(options.alsoIn)));
    else if (options.inOrder !== false) assertOrder(found);
    const surplus = new Map<string, number>();
    for (const { key } of found) add(surplus, String(key), 1);
    for (const { key } of expected) add(surplus, String(key), -1);
    const differences = [...surplus.values()];
    const lost = sum(differences.map((difference) => Math.max(0, -difference)));
    const doubled = sum(differences.map((difference) => Math.max(0, difference)));
    return { recordsIn: expected.length, recordsOut: found.length, lost, doubled };
  }

  /** Waits until the task has done all that is in the source. */
  async caughtUp(deadlineMs = recoverMs): Promise<void> {
    const admin = this.kafka.client().admin();
    await admin.connect();
    try {
      const ends = await admin.fetchTopicOffsets(this.source);
      await this.until(
        'all records are done',
        ({ partitions }) =>
          ends.every(({ partition, high }) => {
            const own = partitions.find((progress) => progress.partition === partition);
            return (own?.offset ?? 0n) >= BigInt(high);
          }),
        deadlineMs,
      );
    } finally {
      await admin.disconnect();
    }
  }

  /** Starts the service anew on its data and address, after it has ended. */
  async serviceAgain(options: Partial<LocalServiceOptions> = {}): Promise<void> {
    this.connection.close();
    const listen = new URL(this.service.url).host;
    this.service = await startLocalService({ ...this.#serviceOptions, listen, ...options });
    this.connection = connectTo(this.service);
  }

  async #end(): Promise<void> {
    await this.stopFeeding();
    this.connection.close();
    // The second signal would be needed if something hangs, and a case that failed may have left it so.
    await Promise.race([this.service.end('SIGTERM'), delay(20_000, undefined, { ref: false })]);
    await this.service.end('SIGKILL');
  }

  #messages(count: number) {
    return Array.from({ length: count }, () => {
      const id = this.#nextId++;
      const features = [id % 8, (id % 50) / 10, id % 7, 0.2];
      const value = JSON.stringify({ id, features });
      return { key: String(id), value, partition: id % this.#partitions };
    });
  }

  async #keepFeeding(): Promise<void> {
    while (this.#feeding) {
      const producer = this.kafka.client().producer({
        allowAutoTopicCreation: false,
        retry: { retries: 0 },
      });
      // A record of which nobody knows whether it was written is written again: the count goes by what is there.
      await this.#feedBy(producer).catch(() => delay(200));
      await producer.disconnect().catch(() => undefined);
    }
  }

  async #feedBy(producer: Producer): Promise<void> {
    await producer.connect();
    while (this.#feeding) {
      await producer.send({ topic: this.source, messages: this.#messages(feedRecords) });
      await delay(feedEveryMs);
    }
  }
}

/** Uploads a committed model under its own name. */
export async function uploadModel(connection: Connection, modelId: string): Promise<void> {
  await uploadBytes(connection, modelId, await readFile(fixturePath(`${modelId}.onnx`)));
}

/** Uploads a model of these bytes. */
export async function uploadBytes(
  { models }: Connection,
  modelId: string,
  data: Uint8Array,
): Promise<void> {
  const chunkBytes = 1024 * 1024;
  await models.uploadModel(
    (async function* chunks() {
      for (let from = 0; from < Math.max(1, data.length); from += chunkBytes) {
        const content = {
          data: data.subarray(from, from + chunkBytes),
          contentType: 'application/octet-stream',
        };
        yield from === 0 ? { parent: 'users/admin', modelId, content } : { content };
      }
    })(),
  );
}

/** The admin's connection to a service. */
export function connectTo(service: LocalService): Connection {
  return connect({ url: service.url, tokenFile: service.adminFile }, {});
}

/** A status in a line, for messages of failures. */
export function describe(status: TaskStatus | undefined): string {
  if (!status) return 'not known';
  const { reason, lastError, restartCount, lag } = status;
  return `${enumToJson(StateSchema, status.state)} (${reason}), restarts ${restartCount}, lag ${lag}, last error: ${lastError}`;
}

/** Offsets done over all partitions. */
export function done({ partitions }: TaskStatus): number {
  return sum(partitions.map(({ offset }) => Number(offset)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

function assertOrder(found: readonly { partition: number; key: string | null }[]): void {
  const newest = new Map<number, number>();
  for (const { partition, key } of found) {
    const id = Number(key);
    const before = newest.get(partition) ?? -1;
    assert.ok(id >= before, `record ${id} of partition ${partition} came after ${before}`);
    newest.set(partition, id);
  }
}
