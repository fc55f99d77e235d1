import assert from 'node:assert/strict';
import { ForkedRunner, startMessage } from '../../runner/forked-runner.js';
import { irisMessages } from '../../runner/records.js';
import { eventually } from '../../support/eventually.js';
import type { TestKafka } from '../../support/kafka.js';
import { apiKeys } from '../../support/tcp-proxy.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { describe, Stream } from '../stream.js';

const records = 20_000;
const deadlineMs = 60_000;
/** Longer than the session of a group member: the group has given it up. */
const frozenMs = 8_000;

/** Fault 3, as Kafka sees it: nobody kills the frozen runner. */
export const zombieRunner: FaultCase = {
  fault: 3,
  name: 'zombie: SIGSTOP, a successor, SIGCONT',
  holds: 'the successor takes over, and what the zombie had open is fenced',
  async run(lab: Lab): Promise<Figures> {
    const race = await Race.begin(lab);
    const recoveryMs: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const old = race.newest;
      await race.progressed(old, 200);
      old.child.kill('SIGSTOP');
      const frozenAt = performance.now();
      const successor = race.fork();
      await race.progressed(successor, 200);
      recoveryMs.push(performance.now() - frozenAt);
      await eventually(() => performance.now() - frozenAt > frozenMs, { deadlineMs });
      old.child.kill('SIGCONT');
      await race.progressed(successor, 200);
      await old.kill();
    }
    return { injected: 3, ...(await race.account()), recoveryMs };
  },
};

/** Fault 14. */
export const rebalances: FaultCase = {
  fault: 14,
  name: 'members join and leave in mid-transaction',
  holds: 'commit or abort, never torn: the sets are equal',
  async run(lab: Lab): Promise<Figures> {
    const race = await Race.begin(lab);
    const rounds = 6;
    for (let round = 0; round < rounds; round += 1) {
      const second = race.fork();
      await race.progressed(second, 100);
      if (round % 2 === 0) {
        second.stop();
        await second.outcome();
      } else {
        await second.kill();
      }
      await race.progressed(race.first, 100);
    }
    return { injected: 2 * rounds, ...(await race.account()) };
  },
};

/** Fault 14 at the worst moments. */
export const killedBeforeCommit = killedAt([
  apiKeys.endTxn,
  apiKeys.txnOffsetCommit,
  apiKeys.endTxn,
  apiKeys.produce,
]);

/** Fault 14: the runner is killed when it sends these requests, which never arrive. */
export function killedAt(moments: readonly number[]): FaultCase {
  return {
    fault: 14,
    name: 'kill between the offsets and the commit',
    holds: 'the transaction is aborted, and its records are predicted once',
    run: (lab) => runKilledAt(lab, moments),
  };
}

async function runKilledAt(lab: Lab, moments: readonly number[]): Promise<Figures> {
  const kafka = await lab.kafka();
  const { proxy } = kafka;
  const stream = await Stream.open(lab, { kafka, partitions: 3, brokers: proxy.address });
  stream.feed();
  await stream.recovers();
  const recoveryMs: number[] = [];
  for (const moment of moments) {
    const { processId } = await stream.running();
    let killed = false;
    proxy.onRequest = (apiKey) => {
      if (apiKey !== moment || killed) return undefined;
      killed = true;
      process.kill(processId, 'SIGKILL');
      return false;
    };
    await eventually(() => killed, { deadlineMs, what: 'the moment of the kill' });
    const lostAt = performance.now();
    await stream.until('another runner', (status) => status.processId !== processId);
    await stream.recovers();
    recoveryMs.push(performance.now() - lostAt);
  }
  return { injected: moments.length, ...(await stream.account()), recoveryMs };
}

/** Fault 15. */
export const fencedProducer: FaultCase = {
  fault: 15,
  name: 'another producer with the same transactional.id',
  holds: 'the older one is fenced at once, takes its partition again and doubles nothing',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, partitions: 1 });
    stream.feed();
    await stream.recovers();
    const { uid } = await stream.connection.tasks.getTask({ name: stream.name });
    const transactionalId = `predictd-${uid}-${stream.source}-0`;
    const recoveryMs: number[] = [];
    const times = 10;
    for (let time = 0; time < times; time += 1) {
      const thief = kafka.client().producer({ transactionalId, maxInFlightRequests: 1 });
      await thief.connect();
      const transaction = await thief.transaction();
      await transaction.abort();
      await thief.disconnect();
      recoveryMs.push(await stream.recovers());
    }
    const status = await stream.status();
    lab.note(describe(status));
    assert.equal(status.restartCount, 0);
    return { injected: times, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 15 with two runners that both believe in themselves. */
export const twoRunners: FaultCase = {
  fault: 15,
  name: 'two runners of one task at once',
  holds: 'they share the partitions, and nothing is lost or doubled',
  async run(lab: Lab): Promise<Figures> {
    const race = await Race.begin(lab);
    const second = race.fork({ epoch: 1 });
    const third = race.fork({ epoch: 1 });
    await race.progressed(race.first, 300);
    await race.progressed(second, 300);
    await race.progressed(third, 300);
    return { injected: 2, ...(await race.account()) };
  },
};

/** Real runner processes of one task, without a service that would keep them apart. */
class Race {
  readonly first: ForkedRunner;
  readonly #lab: Lab;
  readonly #kafka: TestKafka;
  readonly #start: ReturnType<typeof startMessage>;
  readonly #runners: ForkedRunner[] = [];
  #epoch = 0;

  private constructor(lab: Lab, kafka: TestKafka, source: string) {
    this.#lab = lab;
    this.#kafka = kafka;
    this.#start = startMessage(kafka, {
      source,
      sink: `${source}-out`,
      // Small transactions, so that there are many moments at which something can come.
      batch: { maxRecords: 25, maxWaitMs: 5 },
    });
    this.first = this.fork();
  }

  static async begin(lab: Lab): Promise<Race> {
    const kafka = await lab.kafka();
    const source = await kafka.createTopic({ prefix: 'race', partitions: 4 });
    await kafka.produceRecords(source, irisMessages(records));
    const race = new Race(lab, kafka, source);
    await race.progressed(race.first, 100);
    return race;
  }

  get newest(): ForkedRunner {
    return this.#runners.at(-1) ?? this.first;
  }

  /** One more runner; each knows of no other. */
  fork(choice: { readonly epoch?: number } = {}): ForkedRunner {
    this.#epoch = choice.epoch ?? this.#epoch + 1;
    const runner = new ForkedRunner({ ...this.#start, epoch: this.#epoch });
    this.#lab.after(() => runner[Symbol.dispose]());
    this.#runners.push(runner);
    return runner;
  }

  /** Waits until the runner says that so many more records are done, or all of them. */
  async progressed(runner: ForkedRunner, more: number): Promise<void> {
    const seen = runner.last('heartbeat')?.counters.recordsIn ?? 0;
    await runner.heartbeat(({ counters }) => {
      return counters.recordsIn >= Math.min(records, seen + more);
    }, deadlineMs);
  }

  async account() {
    const sink = `${this.#start.spec.sink.topic}`;
    const found = await eventually(
      async () => {
        const all = await this.#kafka.readCommitted(sink, { until: records, deadlineMs });
        return all.length >= records && all;
      },
      { deadlineMs: 2 * deadlineMs, what: 'all records are predicted' },
    );
    const keys = new Set(found.map(({ key }) => key));
    return {
      recordsIn: records,
      recordsOut: found.length,
      lost: records - keys.size,
      doubled: found.length - keys.size,
    };
  }
}
