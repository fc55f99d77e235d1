import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import {
  type BrokerProcess,
  formatStorage,
  type JvmSettings,
  outputTail,
  startBroker,
} from './kafka/broker-process.js';
import {
  type BrokerListener,
  type BrokerPlace,
  brokerProperties,
  type ClusterShape,
} from './kafka/broker-properties.js';
import { freeLoopbackPorts } from './kafka/free-ports.js';
import { kafkaJars } from './kafka/jars.js';
import { isProcessAlive } from './kafka/process-alive.js';
import { packageRoot } from './package-root.js';

/** Half a minute is seen on two busy cores; beyond a minute the broker is broken. */
const READY_DEADLINE_MS = 60_000;
const READY_POLL_MS = 100;
/** A broker in the middle of a controlled shutdown hands over its partitions first. */
const SHUTDOWN_DEADLINE_MS = 10_000;
/** A small cluster in its steady state stays below half of it. */
const HEAP_MAX_MIB = 512;
/** A data folder with this file outlives its process. */
const KEEP_MARK = 'keep';

/** How to start a local Kafka. Everything has a default that suits a single test or the demo. */
export interface LocalKafkaOptions {
  /** Each is broker and controller in one JVM. Default 1. */
  readonly brokers?: 1 | 2 | 3;
  /** Client listeners beside the plain one. */
  readonly listeners?: readonly BrokerListener[];
  /** Broker properties that win over the defaults, on every broker. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Users that SCRAM-SHA-256 and SCRAM-SHA-512 listeners know from the start. */
  readonly scramUsers?: readonly { readonly name: string; readonly password: string }[];
  /** Heap of each JVM, in MiB. Default 512. */
  readonly heapMaxMib?: number;
  /** Leaves the data where it is after `stop`, for looking at it. Default false. */
  readonly keepData?: boolean;
  /** Receives lines for a person before slow steps. Default: nobody. */
  readonly onProgress?: (line: string) => void;
  /** Aborting it gives the start up; nothing is left behind. */
  readonly signal?: AbortSignal;
}

/**
 * A running cluster on loopback. It does not keep the process alive; when the process ends,
 * however it ends, the brokers are killed.
 */
export interface LocalKafka {
  /** Comma-separated plain addresses of all brokers. */
  readonly bootstrapServers: string;
  /** Where the brokers keep their data and their output (`broker-<id>.log`). */
  readonly directory: string;
  /** Comma-separated addresses of an extra listener. */
  addressesOf(listener: string): string;
  /** The broker's JVM. */
  pidOf(brokerIndex?: number): number;
  /**
   * Sends a signal, SIGKILL by default, to one broker (the first by default), and returns when
   * that broker is gone; at once for SIGSTOP and SIGCONT.
   */
  kill(signal?: NodeJS.Signals, brokerIndex?: number): Promise<void>;
  /** Starts a broker again on its data and ports, killing it first if it still runs. */
  restart(brokerIndex?: number): Promise<void>;
  /** Ends all brokers and removes their data, unless it is to be kept. May be called twice. */
  stop(): Promise<void>;
}

/** Starts Apache Kafka in KRaft mode and returns when clients are answered. The caller stops it. */
export async function startKafka(options: LocalKafkaOptions = {}): Promise<LocalKafka> {
  const root = packageRoot();
  const source = join(root, 'src', 'demo', 'kafka');
  const target = join(root, '.build', 'kafka');
  const onProgress = options.onProgress ?? (() => undefined);
  const libs = await kafkaJars({ source, target, onProgress });
  options.signal?.throwIfAborted();
  const directory = await runDirectory(join(target, 'data'), options.keepData === true);
  const jvm = { libs, source, heapMaxMib: options.heapMaxMib ?? HEAP_MAX_MIB };
  const cluster = new Cluster(jvm, directory, options);
  try {
    onProgress('starting Apache Kafka');
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

class Cluster implements LocalKafka {
  readonly directory: string;
  readonly #jvm: JvmSettings;
  readonly #options: LocalKafkaOptions;
  readonly #processes = new Map<number, BrokerProcess>();
  #shape: ClusterShape = { places: [], listeners: [], overrides: {} };

  constructor(jvm: JvmSettings, directory: string, options: LocalKafkaOptions) {
    this.#jvm = jvm;
    this.directory = directory;
    this.#options = options;
  }

  get bootstrapServers(): string {
    return this.#shape.places.map((place) => `127.0.0.1:${place.plainPort}`).join(',');
  }

  async start(): Promise<void> {
    this.#shape = await layOut(this.directory, this.#options);
    const clusterId = randomClusterId();
    const scram = (this.#options.scramUsers ?? []).flatMap(({ name, password }) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((way) => `${way}=[name=${name},password=${password}]`),
    );
    await Promise.all(
      this.#shape.places.map(async (place) => {
        const properties = propertiesFile(place);
        await mkdir(place.directory);
        await writeFile(properties, brokerProperties(this.#shape, place));
        await formatStorage(this.#jvm, { properties, clusterId, scram });
      }),
    );
    const indexes = [...this.#shape.places.keys()];
    await Promise.all(indexes.map((index) => this.#launch(index)));
    await Promise.all(indexes.map((index) => this.#untilReady(index)));
  }

  addressesOf(listener: string): string {
    const index = this.#shape.listeners.findIndex(({ name }) => name === listener);
    if (index < 0) {
      throw new Error(`the local Kafka has no listener ${listener}`);
    }
    return this.#shape.places.map((place) => `127.0.0.1:${place.listenerPorts[index]}`).join(',');
  }

  pidOf(brokerIndex = 0): number {
    return this.#running(brokerIndex).pid;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL', brokerIndex = 0): Promise<void> {
    const broker = this.#running(brokerIndex);
    broker.signal(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') {
      await broker.ended();
    }
  }

  async restart(brokerIndex = 0): Promise<void> {
    if (this.#processes.get(brokerIndex)?.alive() === true) {
      await this.kill('SIGKILL', brokerIndex);
    }
    await this.#launch(brokerIndex);
    await this.#untilReady(brokerIndex);
  }

  async stop(): Promise<void> {
    // A clean shutdown takes seconds and is only worth them when the data is read afterwards.
    const gently = this.#options.keepData === true;
    const brokers = [...this.#processes.values()].filter((broker) => broker.alive());
    await Promise.all(brokers.map((broker) => end(broker, gently)));
    if (!gently) {
      await rm(this.directory, { recursive: true, force: true });
    }
  }

  async #launch(brokerIndex: number): Promise<void> {
    const place = this.#place(brokerIndex);
    const files = { properties: propertiesFile(place), output: outputFile(place) };
    this.#processes.set(brokerIndex, await startBroker(this.#jvm, files));
  }

  async #untilReady(brokerIndex: number): Promise<void> {
    const place = this.#place(brokerIndex);
    const broker = this.#running(brokerIndex);
    const giveUpAt = Date.now() + READY_DEADLINE_MS;
    while (!(await answers(place))) {
      this.#options.signal?.throwIfAborted();
      if (!broker.alive() || Date.now() > giveUpAt) {
        const tail = await outputTail(outputFile(place));
        const what = broker.alive() ? 'does not answer' : 'ended while it was starting';
        throw new Error(`Kafka broker ${place.id} ${what}; its last output:\n${tail}`);
      }
      await delay(READY_POLL_MS);
    }
  }

  #place(brokerIndex: number): BrokerPlace {
    const place = this.#shape.places[brokerIndex];
    if (place === undefined) {
      throw new RangeError(`the local Kafka has no broker ${brokerIndex}`);
    }
    return place;
  }

  #running(brokerIndex: number): BrokerProcess {
    const broker = this.#processes.get(brokerIndex);
    if (broker?.alive() !== true) {
      throw new Error(`broker ${brokerIndex} of the local Kafka is not running`);
    }
    return broker;
  }
}

async function layOut(directory: string, options: LocalKafkaOptions): Promise<ClusterShape> {
  const listeners = options.listeners ?? [];
  const brokers = options.brokers ?? 1;
  const ports = await freeLoopbackPorts(brokers * (2 + listeners.length));
  const places = Array.from({ length: brokers }, (_, index) => {
    const [plainPort = 0, controllerPort = 0, ...listenerPorts] = ports.splice(
      0,
      2 + listeners.length,
    );
    const id = index + 1;
    const own = join(directory, `broker-${id}`);
    return { id, directory: own, plainPort, controllerPort, listenerPorts };
  });
  return { places, listeners, overrides: options.properties ?? {} };
}

/** A broker is ready when it answers itself and the cluster counts it as alive. */
async function answers(place: BrokerPlace): Promise<boolean> {
  const admin = new Kafka({
    clientId: 'local-kafka',
    brokers: [`127.0.0.1:${place.plainPort}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    retry: { retries: 0 },
  }).admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    return controller !== null && brokers.some(({ nodeId }) => nodeId === place.id);
  } catch {
    // Not yet; the caller's deadline decides how long that is an answer.
    return false;
  } finally {
    await admin.disconnect();
  }
}

async function end(broker: BrokerProcess, gently: boolean): Promise<void> {
  if (gently) {
    broker.signal('SIGTERM');
    await Promise.race([broker.ended(), delay(SHUTDOWN_DEADLINE_MS, undefined, { ref: false })]);
  }
  if (broker.alive()) {
    broker.signal('SIGKILL');
  }
  await broker.ended();
}

/** A folder named for this process, after removing those of processes that were killed. */
async function runDirectory(data: string, keep: boolean): Promise<string> {
  await mkdir(data, { recursive: true });
  for (const name of await readdir(data)) {
    const owner = Number.parseInt(name, 10);
    if (!isProcessAlive(owner) && !existsSync(join(data, name, KEEP_MARK))) {
      await rm(join(data, name), { recursive: true, force: true });
    }
  }
  const directory = join(data, `${process.pid}-${randomBytes(4).toString('hex')}`);
  await mkdir(directory);
  if (keep) {
    await writeFile(join(directory, KEEP_MARK), '');
  }
  return directory;
}

/** 16 random bytes as Kafka writes them: never with a dash in front, which reads as an option. */
function randomClusterId(): string {
  return randomBytes(16).toString('base64url').replace(/^-/, 'A');
}

function propertiesFile(place: BrokerPlace): string {
  return join(place.directory, 'server.properties');
}

function outputFile(place: BrokerPlace): string {
  return `${place.directory}.log`;
}
