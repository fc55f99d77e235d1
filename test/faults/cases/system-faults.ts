import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { startLocalService } from '../../../src/demo/local-service.js';
import { testKafka } from '../../support/kafka.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { fillUp, noSmallDisk, smallDisk } from '../small-disk.js';
import { describe, Stream } from '../stream.js';

const run = promisify(execFile);
const fakeClock = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const fewFiles = 120;

/** Fault 31. */
export const clockJumps: FaultCase = {
  fault: 31,
  name: 'clock jumps by an hour, both ways',
  holds: 'leases do not lapse, nothing restarts, and no duration is negative',
  missing: () => (existsSync(fakeClock) ? undefined : 'it needs the Debian package faketime'),
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const offset = join(await lab.directory(), 'offset');
    const jump = (to: string) => writeFile(offset, `${to}\n`);
    await jump('+0');
    const stream = await withEnvironment(
      {
        LD_PRELOAD: fakeClock,
        FAKETIME_TIMESTAMP_FILE: offset,
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
      () => Stream.open(lab, { kafka }),
    );
    stream.feed();
    await stream.recovers();
    const jumps = ['+3600', '+0', '-3600', '+0'];
    for (const to of jumps) {
      await jump(to);
      for (let look = 0; look < 20; look += 1) {
        const status = await stream.status();
        assert.ok(status.processIsAlive, describe(status));
        assert.equal(status.state, State.RUNNING, describe(status));
        await delay(100);
      }
      await stream.recovers();
    }
    assert.equal((await stream.status()).restartCount, 0);
    const { events } = await stream.connection.tasks.listEvents({ parent: stream.name });
    const times = events.map(({ time }) => Number(time?.seconds ?? 0n));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
      'times of events never go back',
    );
    return { injected: jumps.length, ...(await stream.account()) };
  },
};

async function withEnvironment<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

/** Fault 32. */
export const noMoreFiles: FaultCase = {
  fault: 32,
  name: 'file descriptors used up, port in use',
  holds: 'new connections are refused or wait, tasks run, and it recovers; a used port is named',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    await stream.recovers();
    const { processId, url } = stream.service;
    const { host, port } = new URL(url);
    await run('prlimit', ['--pid', String(processId), `--nofile=${fewFiles}:${fewFiles}`]);
    const sockets = Array.from({ length: 2 * fewFiles }, () => openSocket(Number(port)));
    lab.after(() => sockets.forEach((socket) => void socket.destroy()));
    await delay(1_000);
    assert.ok((await stream.status()).processIsAlive, 'the calls of those who are in are answered');
    await stream.recovers();
    const { processId: runner } = await stream.status();
    process.kill(runner, 'SIGKILL');
    await delay(2_000);
    assert.ok((await stream.status()).restartCount >= 1, 'the death is told');
    for (const socket of sockets) socket.destroy();
    const freeAt = performance.now();
    await stream.recovers();
    const recoveryMs = [performance.now() - freeAt];
    const used = startLocalService({ brokers: '127.0.0.1:9', listen: host });
    await assert.rejects(used, /EADDRINUSE|in use/);
    return { injected: 2, ...(await stream.account()), recoveryMs };
  },
};

function openSocket(port: number): Socket {
  return connectSocket({ port, host: '127.0.0.1' }).on('error', () => undefined);
}

/** Fault 11. */
export const brokerDiskFull: FaultCase = {
  fault: 11,
  name: 'disk of the broker full',
  holds: 'the status says so, and it comes back when there is room and the broker is up again',
  missing: noSmallDisk,
  async run(lab: Lab): Promise<Figures> {
    const disk = await smallDisk(lab, 64);
    const own = await lab.ownKafka({
      properties: { 'log.dirs': join(disk, 'logs'), 'log.index.size.max.bytes': '65536' },
    });
    const kafka = testKafka(own.bootstrapServers);
    const spec = { restart: { maxRestarts: 0 } };
    const stream = await Stream.open(lab, { kafka, spec });
    stream.feed();
    await stream.recovers();
    await fillUp(disk);
    const sick = await stream.until('trouble', ({ state }) => state !== State.RUNNING);
    lab.note(describe(sick));
    assert.equal(sick.reason, 'KAFKA_UNREACHABLE', describe(sick));
    await delay(10_000);
    await run('rm', [join(disk, 'filler')]);
    await own.restart();
    const backAt = performance.now();
    await stream.recovers();
    const recoveryMs = [performance.now() - backAt];
    return { injected: 1, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 38. */
export const drained: FaultCase = {
  fault: 38,
  name: 'SIGTERM under load',
  holds: 'it drains within its grace, exits with 0, and the next one takes over at once',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), partitions: 4 });
    stream.feed();
    const recoveryMs: number[] = [];
    const rounds = 5;
    for (let round = 0; round < rounds; round += 1) {
      await stream.recovers();
      const { execution } = await stream.status();
      const askedAt = performance.now();
      assert.equal(await stream.service.end('SIGTERM'), 0, 'it ends as asked');
      const drainMs = performance.now() - askedAt;
      assert.ok(drainMs < 15_000, `draining took ${drainMs} ms`);
      await stream.serviceAgain();
      const startedAt = performance.now();
      await stream.recovers();
      recoveryMs.push(performance.now() - startedAt);
      assert.equal((await stream.status()).execution, execution, 'the same execution goes on');
    }
    for (let round = 0; round < rounds; round += 1) {
      const { tasks } = stream.connection;
      await tasks.stopTask({ name: stream.name });
      await stream.start();
      await delay(400 * lab.random());
      const askedAt = performance.now();
      assert.equal(await stream.service.end('SIGTERM'), 0, 'it ends while it starts a runner');
      const drainMs = performance.now() - askedAt;
      assert.ok(drainMs < 15_000, `draining took ${drainMs} ms`);
      await stream.serviceAgain();
    }
    await stream.recovers();
    return { injected: 2 * rounds, ...(await stream.account()), recoveryMs };
  },
};
