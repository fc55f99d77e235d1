import assert from 'node:assert/strict';
import { open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '../../../gen/ts/google/rpc/error_details_pb.js';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { startLocalService } from '../../../src/demo/local-service.js';
import { connect } from '../../../src/store/connection.js';
import { eventually } from '../../support/eventually.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { fillUp, noSmallDisk, smallDisk } from '../small-disk.js';
import { describe, Stream } from '../stream.js';

const lockedMs = 8_000;

/** Fault 26. */
export const databaseLocked: FaultCase = {
  fault: 26,
  name: 'database locked by another process',
  holds: 'writes answer UNAVAILABLE with a time to retry, reads work, and tasks keep running',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    await stream.recovers();
    const file = join(stream.service.data, 'predictd.db');
    const holder = await connect({ file, readOnly: false, busyTimeoutMs: 2_000 });
    await holder.script('BEGIN EXCLUSIVE');
    const lockedAt = performance.now();
    const { recordsIn = 0n } = (await stream.status()).counters ?? {};
    await assertUnavailable(stream);
    await eventually(() => performance.now() - lockedAt > lockedMs, { deadlineMs: 2 * lockedMs });
    const during = await stream.status();
    assert.equal(during.state, State.RUNNING, describe(during));
    assert.ok((during.counters?.recordsIn ?? 0n) > recordsIn, 'records are predicted meanwhile');
    await holder.script('ROLLBACK');
    await holder.close();
    const freeAt = performance.now();
    await eventually(() => label(stream, 'free'), {
      deadlineMs: 20_000,
      what: 'writes work again',
    });
    const recoveryMs = [performance.now() - freeAt];
    assert.equal((await stream.status()).restartCount, 0);
    return { injected: 1, ...(await stream.account()), recoveryMs };
  },
};

/** Fault 27. */
export const databaseDiskFull: FaultCase = {
  fault: 27,
  name: 'disk of the database full',
  holds: 'writes fail loudly, running tasks go on, also past a dead runner; it recovers by itself',
  missing: noSmallDisk,
  async run(lab: Lab): Promise<Figures> {
    const data = await smallDisk(lab, 24);
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), data });
    stream.feed();
    await stream.recovers();
    const filler = await fillUp(data);
    await eventually(() => assertUnavailable(stream).then(() => true), { deadlineMs: 60_000 });
    const before = Number((await stream.status()).counters?.recordsIn ?? 0n);
    await stream.until('progress', ({ counters }) => Number(counters?.recordsIn) > before + 500);
    const { processId } = await stream.status();
    process.kill(processId, 'SIGKILL');
    await stream.until('an honest status', ({ processIsAlive }) => !processIsAlive);
    await rm(filler);
    const freeAt = performance.now();
    await eventually(() => label(stream, 'free'), {
      deadlineMs: 20_000,
      what: 'writes work again',
    });
    await stream.recovers();
    const recoveryMs = [performance.now() - freeAt];
    return { injected: 2, ...(await stream.account()), recoveryMs };
  },
};

async function label({ connection, name }: Stream, value: string): Promise<boolean> {
  const task = { name, labels: { value } };
  await connection.tasks.updateTask({ task, updateMask: { paths: ['labels'] } });
  const found = await connection.tasks.getTask({ name });
  assert.equal(found.labels.value, value, 'an acknowledged write is there');
  return true;
}

async function assertUnavailable(stream: Stream): Promise<void> {
  const before = (await stream.connection.tasks.getTask({ name: stream.name })).labels.value;
  await assert.rejects(label(stream, `${Math.random()}`), (error) => {
    const { code, message } = ConnectError.from(error);
    assert.equal(code, Code.Unavailable, message);
    const [retry] = ConnectError.from(error).findDetails(RetryInfoSchema);
    assert.ok(retry?.retryDelay, 'it says when to try again');
    return true;
  });
  const after = (await stream.connection.tasks.getTask({ name: stream.name })).labels.value;
  assert.equal(after, before, 'a refused write left nothing');
}

/** Fault 28. */
export const databaseDamaged: FaultCase = {
  fault: 28,
  name: 'database damaged, journal cut, newer schema',
  holds: 'it refuses to start and says what to do, never makes a new one; a cut journal opens',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka(), start: false });
    const { data } = stream.service;
    const file = join(data, 'predictd.db');
    await label(stream, 'kept');
    await stream.service.end('SIGTERM');
    const whole = await readFile(file);
    const refused = async (what: string, pattern: RegExp) => {
      const before = await readFile(file);
      await assert.rejects(startLocalService({ brokers: '127.0.0.1:9', data }), (error) => {
        assert.match(String(error), pattern, what);
        return true;
      });
      assert.ok(before.equals(await readFile(file)), `${what}: the file is as it was`);
    };
    await overwrite(file, 0, Buffer.alloc(100, 0xff));
    await refused('no header', /damaged|Restore a backup/);
    await writeFile(file, whole);
    for (let page = 2; page < whole.length / 4_096; page += 2) {
      await overwrite(file, page * 4_096, Buffer.alloc(64, 0xff));
    }
    await refused('damaged pages', /damaged.*Restore a backup/);
    await writeFile(file, whole);
    const database = await connect({ file, readOnly: false, busyTimeoutMs: 0 });
    const [version] = await database.all('PRAGMA user_version');
    await database.script('PRAGMA user_version = 9999');
    await database.close();
    await refused('newer schema', /newer/);
    await writeFile(file, whole);
    await stream.serviceAgain();
    assert.ok(version);
    await label(stream, 'in the journal');
    await stream.service.end('SIGKILL');
    const journal = `${file}-wal`;
    await truncate(journal, Math.max(0, (await stat(journal)).size - 1_000));
    const startedAt = performance.now();
    await stream.serviceAgain();
    const recoveryMs = [performance.now() - startedAt];
    await label(stream, 'after the journal');
    return { injected: 4, recoveryMs };
  },
};

async function overwrite(path: string, at: number, bytes: Buffer): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

/** Fault 29. */
export const twoServices: FaultCase = {
  fault: 29,
  name: 'two services on one data directory',
  holds: 'the second one ends with the reason, and the first one goes on',
  async run(lab: Lab): Promise<Figures> {
    const stream = await Stream.open(lab, { kafka: await lab.kafka() });
    stream.feed();
    const { data, processId } = stream.service;
    for (let round = 0; round < 3; round += 1) {
      await assert.rejects(startLocalService({ brokers: '127.0.0.1:9', data }), (error) => {
        return error instanceof Error && error.message.includes(`process ${processId}`);
      });
      await stream.recovers();
    }
    return { injected: 3, ...(await stream.account()) };
  },
};
