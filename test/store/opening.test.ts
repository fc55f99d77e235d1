import assert from 'node:assert/strict';
import { copyFile, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DomainError } from '../../src/domain/errors.js';
import { ensurePrivateFile } from '../../src/secrets/private-files.js';
import { connect } from '../../src/store/connection.js';
import { lockDataDirectory } from '../../src/store/lock.js';
import { migrate, migrations } from '../../src/store/migrate.js';
import type { Migration } from '../../src/store/migration.js';
import { firstSchema } from '../../src/store/migrations/0001-first-schema.js';
import { openStore } from '../../src/store/store.js';
import { rowsOfVersion1 } from './fixtures/version-1.js';
import {
  domainError,
  kill,
  sampleEvent,
  sampleExecution,
  sampleTask,
  sampleUser,
  startChild,
  temporaryDirectory,
  temporaryStore,
} from './support.js';

const writable = (file: string) => connect({ file, readOnly: false, busyTimeoutMs: 100 });

/** A database with some rows, closed. */
async function makeDatabase(dataDir: string): Promise<string> {
  const store = await openStore({ dataDir });
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(1));
    for (let index = 0; index < 500; index += 1) await writes.appendEvent(sampleEvent(1));
  });
  await store.close();
  return join(dataDir, 'predictd.db');
}

test('a second process is refused, told who holds the directory, and let in when that one is killed', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const { child, lines } = startChild(t, 'hold-store', [dataDir]);
  assert.equal((await lines.next()).value, 'open');
  await assert.rejects(openStore({ dataDir }), (err: unknown) => {
    assert(err instanceof DomainError);
    assert(err.message.includes(dataDir) && err.message.includes(`process ${child.pid}`));
    assert.equal(err.metadata.reason, 'DATA_DIRECTORY_IN_USE');
    return true;
  });
  await kill(child);
  await (await openStore({ dataDir })).close();
});

test('one process cannot open a directory twice either, and a refused try does not weaken the lock', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  for (let tries = 0; tries < 3; tries += 1) {
    await assert.rejects(lockDataDirectory(dataDir), domainError('STORE_UNAVAILABLE', /in use/));
  }
  const { lines } = startChild(t, 'hold-store', [dataDir]);
  assert.match((await lines.next()).value, new RegExp(`in use by process ${process.pid}`));
  await store.close();
  const lock = await lockDataDirectory(dataDir);
  await lock.release();
});

test('the directory and every file in it are for the service alone', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  await store.write((writes) => writes.insertUser(sampleUser()));
  assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
  for (const name of await readdir(dataDir)) {
    assert.equal((await stat(join(dataDir, name))).mode & 0o077, 0, name);
  }
});

test('the writing connection flushes every commit and enforces references', async (t) => {
  const answers: unknown[] = [];
  await temporaryStore(t, {
    connect: async (options) => {
      const connection = await connect(options);
      if (options.readOnly) return connection;
      return {
        ...connection,
        async close() {
          for (const name of ['journal_mode', 'synchronous', 'foreign_keys']) {
            answers.push(...(await connection.all(`PRAGMA ${name}`)));
          }
          await connection.close();
        },
      };
    },
  }).then(({ store }) => store.close());
  assert.deepEqual(answers, [{ journal_mode: 'wal' }, { synchronous: 2 }, { foreign_keys: 1 }]);
});

test('no secret of a spec stands in any file, and it reads back all the same', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  const task = sampleTask(1);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(task);
    await writes.insertExecution(sampleExecution(2, task, 1));
  });
  const backup = join(dataDir, 'copy.db');
  await store.backup(backup);
  for (const name of await readdir(dataDir)) {
    const bytes = name === 'lock.db' ? Buffer.alloc(0) : await readFile(join(dataDir, name));
    assert(!bytes.includes('planted-'), `${name} has a secret`);
  }
  assert.equal((await store.taskById(1))?.spec.source.sasl?.password, 'planted-sasl-password');
  assert.equal((await store.executionById(2))?.spec.source.tls?.key, 'planted-tls-key');
});

test('a database of an older release is upgraded with all that it held', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const file = join(dataDir, 'predictd.db');
  await ensurePrivateFile(file);
  const old = await writable(file);
  await migrate(old, [firstSchema]);
  await old.script(`BEGIN; ${rowsOfVersion1} COMMIT`);
  await old.close();

  const { store } = await temporaryStore(t, { dataDir });
  const task = await store.taskByName('ann', 'iris');
  assert.deepEqual([task?.id, task?.version, task?.spec.onBadRecord], [2, 3, 'SKIP']);
  assert.equal((await store.newestExecution(2))?.progress.counters.recordsOut, 5);
  assert.deepEqual(await store.eventBounds(), { first: 2, last: 2 });
  assert.equal((await store.userByTokenHash('token'))?.role, 'ADMIN');
  assert.equal((await store.modelByName('ann', 'm'))?.sizeBytes, 10);
  assert.equal((await store.answerOf('ann', 'r'))?.resourceId, 3);
  assert.equal((await store.write((writes) => writes.appendEvent(sampleEvent(2)))).number, 3);
  assert.equal(await store.write((writes) => writes.nextId()), 5);
});

test('a migration that fails leaves the schema before it, and can be tried again', async (t) => {
  const file = await makeDatabase(await temporaryDirectory(t));
  const connection = await writable(file);
  t.after(() => connection.close());
  const version = migrations.length + 1;
  const step = (sql: string): Migration => ({ version, sql });
  const broken = step('CREATE TABLE extra (a TEXT); INSERT INTO nowhere VALUES (1)');
  await assert.rejects(migrate(connection, [...migrations, broken]), /nowhere/);
  const names = 'SELECT name FROM sqlite_schema WHERE name = ?';
  assert.deepEqual(await connection.all(names, ['extra']), []);
  await migrate(connection, [...migrations, step('CREATE TABLE extra (a TEXT)')]);
  assert.deepEqual(await connection.all('PRAGMA user_version'), [{ user_version: version }]);
  assert.deepEqual(await connection.all('SELECT count(*) AS n FROM events'), [{ n: 500 }]);
});

test('a newer schema is refused and left as it is', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const file = await makeDatabase(dataDir);
  const newer = await writable(file);
  await newer.script('PRAGMA user_version = 999');
  await newer.close();
  await assert.rejects(openStore({ dataDir }), domainError('STORE_UNAVAILABLE', /newer release/));
  await assert.rejects(openStore({ dataDir }), domainError('STORE_UNAVAILABLE', /schema 999/));
});

test('a damaged file is refused with what to do, whatever part of it is damaged', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const file = await makeDatabase(dataDir);
  const sound = await readFile(file);
  const refused = domainError(
    'STORE_UNAVAILABLE',
    /predictd\.db is damaged .*Restore a backup .*predictd restore/,
  );
  const middle = Buffer.from(sound);
  middle.fill(0xa5, 4_096 * 20, 4_096 * 40);
  for (const bytes of [Buffer.from('no database at all, but long enough to be one'), middle]) {
    await writeFile(file, bytes);
    await assert.rejects(openStore({ dataDir }), refused);
  }
  await writeFile(file, sound);
  await truncate(file, sound.length - 4_096 * 5);
  await assert.rejects(openStore({ dataDir }), refused);
  await writeFile(file, sound);
  await (await openStore({ dataDir })).close();
});

test('a database whose secrets were sealed under another key is refused', async (t) => {
  const dataDir = await temporaryDirectory(t);
  await makeDatabase(dataDir);
  await rm(join(dataDir, 'key'));
  await assert.rejects(openStore({ dataDir }), domainError('STORE_UNAVAILABLE', /another key/));
});

test('a backup made during writes is whole, private, restorable, and never overwrites', async (t) => {
  const { store, dataDir } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(1));
  });
  let going = true;
  const writing = (async () => {
    while (going) {
      await store.write(async (writes) => {
        await writes.appendEvent(sampleEvent(1));
        await writes.appendEvent(sampleEvent(1));
      });
    }
  })();
  const file = join(dataDir, 'backup.db');
  await store.write((writes) => writes.appendEvent(sampleEvent(1)));
  const before = await store.eventBounds();
  await store.backup(file);
  going = false;
  await writing;
  await assert.rejects(store.backup(file), domainError('INVALID_FIELD', /exists/));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert(!(await readdir(dataDir)).some((name) => name.endsWith('.partial')));

  const other = await temporaryDirectory(t);
  await copyFile(file, join(other, 'predictd.db'));
  await copyFile(join(dataDir, 'key'), join(other, 'key'));
  const { store: restored } = await temporaryStore(t, { dataDir: other });
  const { last } = await restored.eventBounds();
  assert(last >= before.last && last % 2 === 1, `${last} events, whole transactions only`);
  assert.deepEqual(await restored.taskById(1), sampleTask(1));
  assert.equal(
    (await restored.write((writes) => writes.appendEvent(sampleEvent(1)))).number,
    last + 1,
  );
});
