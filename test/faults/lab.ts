import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalKafka, type LocalKafkaOptions, startKafka } from '../../src/demo/local-kafka.js';
import { type TestKafka, testKafka } from '../support/kafka.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';

/** What a case found. What does not apply is left out. */
export interface Figures {
  /** How often the fault was there. */
  readonly injected: number;
  readonly recordsIn?: number;
  readonly recordsOut?: number;
  readonly lost?: number;
  readonly doubled?: number;
  /** From the end of each fault until records were predicted or calls answered again. */
  readonly recoveryMs?: readonly number[];
}

/** A fault of the list, done to the real parts. It rejects when something does not hold. */
export interface FaultCase {
  /** Its number in the list. */
  readonly fault: number;
  readonly name: string;
  /** What must hold, in a sentence. */
  readonly holds: string;
  /** Why this machine cannot show it, if it cannot. */
  missing?(): string | undefined;
  run(lab: Lab): Promise<Figures>;
}

/** A fault that this machine cannot show, and why. */
export interface SkippedFault {
  readonly fault: number;
  readonly name: string;
  readonly skipped: string;
}

/** One broker for all cases, and a proxy in front of it. It runs between the cases. */
export interface LabKafka extends TestKafka {
  readonly broker: LocalKafka;
  /** Clients of `proxy.address` are sent to the proxy by the broker too. */
  readonly proxy: TcpProxy;
}

/** What the cases share, and what one of them has to clean up. */
export class Lab {
  /** Between 0 and 1, repeated by the seed. */
  readonly random: () => number;
  readonly #say: (line: string) => void;
  readonly #cleanups: (() => unknown)[] = [];
  #kafka: Promise<LabKafka> | undefined;

  constructor(random: () => number, say: (line: string) => void) {
    this.random = random;
    this.#say = say;
  }

  /** A line for the person who waits. */
  note(line: string): void {
    this.#say(`  ${line}`);
  }

  /** The shared broker. A case that ends it starts it again. */
  kafka(): Promise<LabKafka> {
    this.#kafka ??= startLabKafka();
    return this.#kafka;
  }

  /** A cluster for this case alone. */
  async ownKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
    const own = await startKafka(options);
    this.after(() => own.stop());
    return own;
  }

  /** An empty directory that is removed after the case. */
  async directory(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'predictd-fault-'));
    this.after(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }

  /** To be done when the case is over; the last one first. */
  after(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  /** Ends the case: everything that it started is gone, the proxy is healed. */
  async tidy(): Promise<void> {
    for (let cleanup = this.#cleanups.pop(); cleanup; cleanup = this.#cleanups.pop()) {
      try {
        await cleanup();
      } catch (error) {
        this.note(`cleaning up failed: ${String(error)}`);
      }
    }
    (await this.#kafka?.catch(() => undefined))?.proxy.heal();
  }

  async close(): Promise<void> {
    const kafka = await this.#kafka?.catch(() => undefined);
    await kafka?.proxy[Symbol.asyncDispose]();
    await kafka?.broker.stop();
  }
}

async function startLabKafka(): Promise<LabKafka> {
  const proxy = await startTcpProxy();
  const broker = await startKafka({
    listeners: [{ name: 'PROXIED', protocol: 'PLAINTEXT', advertisedPorts: [proxy.port] }],
    properties: {
      // Nobody else waits for readers of uncommitted transactions here.
      'transaction.remove.expired.transaction.cleanup.interval.ms': '3600000',
      'message.max.bytes': String(16 * 1024 * 1024),
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  proxy.targetPort = Number(broker.addressesOf('PROXIED').split(':')[1]);
  return { ...testKafka(broker.bootstrapServers), broker, proxy };
}
