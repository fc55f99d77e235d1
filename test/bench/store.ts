import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/store/connection.js';
import { openStore, type SqliteStore } from '../../src/store/store.js';
import { sampleEvent, sampleExecution, sampleTask, sampleUser } from '../store/support.js';

/**
 * Times the store with years of history: a million executions, half of them of one task. Prints one line per figure,
 * tab-separated, and fails if a page takes 20 ms or more at the 95th percentile. Runs for about half a minute.
 */
const executionsTotal = 1_000_000;
const otherTasks = 1_000;
const pageMsMax = 20;
/** The largest page is mostly the driver making objects, a fiftieth of a millisecond a row. */
const largePageMsMax = 200;
const repetitions = 50;

/** What a copy does not take over, by column. */
const ownValues: Readonly<Record<string, string>> = {
  id: '10000 + n',
  uid: "'uid-' || lower(hex(randomblob(4))) || n",
  task_id: taskOfCopy(),
  number: 'n',
  spec_id: taskOfCopy(),
  started_at: 'state_at',
  ended_at: 'state_at',
};

const dataDir = await mkdtemp(join(tmpdir(), 'predictd-bench-'));
try {
  await prepare();
  const openedAt = performance.now();
  const store = await openStore({ dataDir });
  print('open and quick_check', performance.now() - openedAt);
  await measurePages(store);
  await measureWrites(store);
  await measureRest(store);
  await store.close();
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

/** Copies one execution a million times inside the database, which needs no million round trips. */
async function prepare(): Promise<void> {
  const startedAt = performance.now();
  const store = await openStore({ dataDir });
  const task = sampleTask(1);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    for (let id = 1; id <= 1 + otherTasks; id += 1) await writes.insertTask(sampleTask(id));
    const execution = sampleExecution(executionsTotal * 10, task, executionsTotal * 10);
    await writes.insertExecution({ ...execution, state: 'COMPLETED' });
  });
  await store.close();
  const file = join(dataDir, 'predictd.db');
  const connection = await connect({ file, readOnly: false, busyTimeoutMs: 1_000 });
  const columns = await connection.all('PRAGMA table_info(executions)');
  const values = columns.map(({ name }) => ownValues[String(name)] ?? String(name));
  await connection.script(`
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -200000;
    WITH RECURSIVE counted (n) AS (
      VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < ${executionsTotal})
    INSERT INTO executions
    SELECT ${values.join(', ')}
    FROM counted, executions WHERE id = ${executionsTotal * 10};`);
  await connection.close();
  print('prepare', performance.now() - startedAt);
  process.stdout.write(`file\t${Math.round((await stat(file)).size / 1e6)} MB\n`);
}

/** Half of them are of the first task. */
function taskOfCopy(): string {
  return `iif(n % 2, 1, 2 + n / 2 % ${otherTasks})`;
}

async function measurePages(store: SqliteStore): Promise<void> {
  const page = { limit: 50 };
  const middle = executionsTotal / 2;
  await measure('newest execution', () => store.newestExecution(1));
  await measure('first page of a task', () => store.listExecutions(1, page));
  await measure('page in the middle of a task', () =>
    store.listExecutions(1, { after: middle, ...page }),
  );
  await measure(
    'page of 1000 of a task',
    () => store.listExecutions(1, { limit: 1_000 }),
    largePageMsMax,
  );
  await measure('first page of a user', () => store.listExecutionsOfUser('ann', page));
  await measure('middle page of a user', () =>
    store.listExecutionsOfUser('ann', { after: middle, ...page }),
  );
  await measure('middle page of all', () =>
    store.listExecutionsOfUser(undefined, { after: middle, ...page }),
  );
  await measure('active executions', () => store.activeExecutions());
  await measure('page of tasks', () =>
    store.listTasks({ user: 'ann', order: 'updatedAt', descending: true, limit: 50 }),
  );
}

async function measureWrites(store: SqliteStore): Promise<void> {
  const task = sampleTask(1);
  let epoch = 1;
  const execution = { ...sampleExecution(20_000_000, task, 20_000_000) };
  await store.write((writes) => writes.insertExecution(execution));
  await measure('state change and event', () => {
    epoch += 1;
    return store.write(async (writes) => {
      await writes.updateExecution({ ...execution, epoch });
      await writes.appendEvent(sampleEvent(1));
    });
  });
  const startedAt = performance.now();
  const events = 1_000;
  const appended = Array.from({ length: events }, () =>
    store.write((writes) => writes.appendEvent(sampleEvent(1))),
  );
  await Promise.all(appended);
  const perSecond = (events / (performance.now() - startedAt)) * 1_000;
  process.stdout.write(`durable writes\t${Math.round(perSecond)} /s\n`);
}

async function measureRest(store: SqliteStore): Promise<void> {
  const backupAt = performance.now();
  const during = measure('page during a backup', () => store.listExecutions(1, { limit: 50 }));
  await store.backup(join(dataDir, 'backup.db'));
  print('backup', performance.now() - backupAt);
  await during;
  const deletedAt = performance.now();
  await store.write((writes) => writes.deleteTask(1));
  print('delete a task with 500,000 executions', performance.now() - deletedAt);
}

async function measure(
  name: string,
  work: () => Promise<unknown>,
  msMax: number = pageMsMax,
): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < repetitions; index += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? Number.NaN;
  const figures = [at(0.5), at(0.95), at(1)].map((ms) => `${ms.toFixed(2)} ms`);
  process.stdout.write(`${[name, ...figures].join('\t')}\n`);
  if (at(0.95) < msMax) return;
  process.stderr.write(`${name}: over ${msMax} ms\n`);
  process.exitCode = 1;
}

function print(name: string, ms: number): void {
  process.stdout.write(`${name}\t${Math.round(ms)} ms\n`);
}
