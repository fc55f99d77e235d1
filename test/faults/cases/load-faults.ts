import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { WatchTasksResponse } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { Role } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { type Connection, connect } from '../../../src/cli/connection.js';
import { eventually } from '../../support/eventually.js';
import { residentMib } from '../../support/process.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { Stream } from '../stream.js';

const backlog = 400_000;
/** The heap's share of a runner, its buffers and the model: far below what the backlog takes. */
const runnerMibMax = 700;
const apiP99MsMax = 250;

/** Fault 24, shortened from ten million. */
export const longBacklog: FaultCase = {
  fault: 24,
  name: 'a backlog of 400,000 records',
  holds: 'memory is flat, the lag is shown, and the API answers quickly',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, {
      kafka: await lab.kafka(),
      partitions: 4,
      start: false,
      spec: { batch: { maxRecords: 4_000 } },
    });
    await stream.produce(backlog);
    await stream.start();
    const startedAt = performance.now();
    const sizes: number[] = [];
    const calls: number[] = [];
    let lagSeen = 0;
    await stream.until(
      'all records are done',
      (status) => {
        sizes.push(Number(status.memoryBytes) / 1_048_576);
        lagSeen = Math.max(lagSeen, Number(status.lag));
        return Number(status.counters?.recordsOut) >= backlog;
      },
      180_000,
    );
    for (let call = 0; call < 200; call += 1) {
      const askedAt = performance.now();
      await stream.status();
      calls.push(performance.now() - askedAt);
    }
    const recoveryMs = [performance.now() - startedAt];
    const p99 = calls.toSorted((a, b) => a - b)[198] ?? 0;
    const most = Math.max(...sizes);
    lab.note(`at most ${Math.round(most)} MiB, lag up to ${lagSeen}, p99 ${p99.toFixed(1)} ms`);
    assert.ok(most < runnerMibMax, `the runner had ${most} MiB`);
    assert.ok(lagSeen > backlog / 10, `the lag was ${lagSeen}`);
    assert.ok(p99 < apiP99MsMax, `p99 was ${p99} ms`);
    const account = await stream.account({ deadlineMs: 120_000 });
    return { injected: 1, ...account, recoveryMs };
  },
};

/** Each has a connection of its own. The first one never reads: on a shared connection it would hold up the others. */
const users = 10;
const watchersEach = 100;
const seenMsMax = 60_000;
const changeMs = 500;
const changes = Number(process.env.PREDICTD_CHANGES ?? 120);
const growthMibMax = 120;

/** Fault 25. */
export const deafWatchers: FaultCase = {
  fault: 25,
  name: '1,000 watchers, 100 of which never read',
  holds: 'memory is flat, and those who read see every change',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    const { service, connection, name } = stream;
    const watched: Watcher[] = [];
    const sentAt: number[] = [];
    for (let user = 0; user < users; user += 1) {
      const own = await userConnection(lab, stream, `watcher-${user}`);
      for (let index = 0; index < watchersEach; index += 1) {
        watched.push(new Watcher(own, { name, sentAt, deaf: user === 0 }));
      }
    }
    lab.after(() => {
      for (const watcher of watched) watcher.stop();
    });
    await Promise.all(watched.map((watcher) => watcher.begun));
    await delay(2_000);
    const before = await residentMib(service.processId);
    const sizes: number[] = [];
    for (let change = 1; change <= changes; change += 1) {
      sentAt.push(performance.now());
      const labels = { change: String(change) };
      await connection.tasks.updateTask({
        task: { name, labels },
        updateMask: { paths: ['labels'] },
      });
      if (change % 10 === 0) sizes.push(await residentMib(service.processId));
      await delay(changeMs);
    }
    const readers = watched.filter(({ deaf }) => !deaf);
    await eventually(() => readers.every(({ delaysMs }) => delaysMs.length >= changes), {
      deadlineMs: seenMsMax,
      what: 'every reader has seen every change',
    });
    const delays = readers.flatMap(({ delaysMs }) => delaysMs).toSorted((a, b) => a - b);
    const p99 = delays[Math.floor(delays.length * 0.99)] ?? 0;
    lab.note(`${delays.length} changes seen, p99 ${p99.toFixed(1)} ms; ${before} to ${sizes} MiB`);
    const missed = readers.filter((reader) => reader.missed > 0).length;
    assert.equal(missed, 0, `${missed} readers missed changes`);
    const growth = (sizes.at(-1) ?? 0) - (sizes[Math.floor(sizes.length / 3)] ?? 0);
    assert.ok(growth < growthMibMax, `it grew by ${growth} MiB`);
    return { injected: watched.length - readers.length };
  },
};

interface Watch {
  readonly name: string;
  /** When each change was sent, in order. */
  readonly sentAt: readonly number[];
  /** Whether it never reads. */
  readonly deaf: boolean;
}

/** One open watch. */
class Watcher {
  readonly deaf: boolean;
  readonly begun: Promise<void>;
  readonly delaysMs: number[] = [];
  missed = 0;
  readonly #abort = new AbortController();
  readonly #sentAt: readonly number[];
  /** Number of the newest event. */
  #newest = 0n;

  constructor(connection: Connection, { name, sentAt, deaf }: Watch) {
    this.deaf = deaf;
    this.#sentAt = sentAt;
    const messages = connection.tasks.watchTasks({ name }, { signal: this.#abort.signal });
    const iterator = messages[Symbol.asyncIterator]();
    this.begun = iterator.next().then(() => undefined);
    if (!deaf) void this.begun.then(() => this.#read(iterator)).catch(() => undefined);
  }

  stop(): void {
    this.#abort.abort();
  }

  async #read(messages: AsyncIterator<WatchTasksResponse>): Promise<void> {
    for (;;) {
      const { value, done } = await messages.next();
      if (done) return;
      const event = value.kind.case === 'change' ? value.kind.value.event : undefined;
      if (!event) continue;
      if (this.#newest > 0n && event.number !== this.#newest + 1n) this.missed += 1;
      this.#newest = event.number;
      if (event.reason !== 'UPDATED') continue;
      this.delaysMs.push(performance.now() - (this.#sentAt[this.delaysMs.length] ?? 0));
    }
  }
}

async function userConnection(lab: Lab, stream: Stream, userId: string): Promise<Connection> {
  const { token } = await stream.connection.users.createUser({ userId, role: Role.ADMIN });
  const own = connect({ url: stream.service.url }, { PREDICTD_TOKEN: token });
  lab.after(() => own.close());
  return own;
}
