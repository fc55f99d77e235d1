import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExecutionLogs, LogDraft, LogLine } from '../../src/domain/execution-log.js';
import { openExecutionLogs } from '../../src/store/execution-logs.js';
import { temporaryDirectory } from './support.js';

function draft(message: string): LogDraft {
  const facts = { at: 1, epoch: 1, source: 'STDERR', severity: 'WARNING', reason: '' } as const;
  return { ...facts, message };
}

async function linesOf(logs: ExecutionLogs, uid: string, count = 10_000) {
  const { lines, close } = await logs.follow(uid, count, () => undefined);
  close();
  return lines;
}

test('lines are numbered and read back in order, also after the service began anew', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const uid = randomUUID();
  const before = await openExecutionLogs(dataDir);
  for (const message of ['a', 'b\nc', 'ü']) before.append(uid, draft(message));
  await before.settled(uid);
  const after = await openExecutionLogs(dataDir);
  after.append(uid, draft('d'));
  const lines = await linesOf(after, uid);
  assert.deepEqual(
    lines.map(({ number, message }) => [number, message]),
    [
      [1, 'a'],
      [2, 'b\nc'],
      [3, 'ü'],
      [4, 'd'],
    ],
  );
  assert.deepEqual(
    (await linesOf(after, uid, 2)).map(({ number }) => number),
    [3, 4],
  );
});

test('a log is a ring of two files that nobody else may read', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const fileBytes = 4_096;
  const logs = await openExecutionLogs(dataDir, { fileBytes, waitingMax: 10_000 });
  const uid = randomUUID();
  for (let i = 1; i <= 500; i += 1) {
    logs.append(uid, draft(`line ${i}`));
    if (i % 7 === 0) await logs.settled(uid);
  }
  const lines = await linesOf(logs, uid);
  const numbers = lines.map(({ number }) => number);
  assert.equal(numbers.at(-1), 500);
  assert.ok(lines.length > 30 && lines.length < 120, `${lines.length} lines are kept`);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => (numbers[0] ?? 0) + index),
  );
  const folder = join(dataDir, 'logs');
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
  for (const name of await readdir(folder)) {
    const { size, mode } = await stat(join(folder, name));
    assert.ok(size <= fileBytes, `${name} has ${size} bytes`);
    assert.equal(mode & 0o777, 0o600);
  }
});

test('who follows gets the lines kept and then every further one, none twice', async (t) => {
  const logs = await openExecutionLogs(await temporaryDirectory(t));
  const uid = randomUUID();
  const told: LogLine[] = [];
  for (let i = 0; i < 50; i += 1) logs.append(uid, draft(`before ${i}`));
  const following = logs.follow(uid, 1_000, (line) => told.push(line));
  for (let i = 0; i < 50; i += 1) logs.append(uid, draft(`after ${i}`));
  const { lines, close } = await following;
  await logs.settled(uid);
  const all = [...lines, ...told].map(({ number }) => number);
  assert.deepEqual(
    all,
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
  close();
  logs.append(uid, draft('later'));
  await logs.settled(uid);
  assert.equal(told.length, 100 - lines.length);
});

test('what a slow disk has no time for is left out, and the numbers say so', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const logs = await openExecutionLogs(dataDir, { fileBytes: 100_000, waitingMax: 10 });
  const uid = randomUUID();
  for (let i = 0; i < 25; i += 1) logs.append(uid, draft(`${i}`));
  await logs.settled(uid);
  logs.append(uid, draft('next'));
  const lines = await linesOf(logs, uid);
  assert.deepEqual(
    lines.map(({ number }) => number),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 26],
  );
});

test('a line that was cut off by a crash is left out, and the next one is whole', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const uid = randomUUID();
  const before = await openExecutionLogs(dataDir);
  before.append(uid, draft('whole'));
  await before.settled(uid);
  await appendFile(join(dataDir, 'logs', `${uid}.jsonl`), '{"number":2,"mess');
  const after = await openExecutionLogs(dataDir);
  after.append(uid, draft('next'));
  const lines = await linesOf(after, uid);
  assert.deepEqual(
    lines.map(({ message }) => message),
    ['whole', 'next'],
  );
});

test('a disk that takes nothing disturbs nobody, and who follows is told all the same', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const logs = await openExecutionLogs(dataDir);
  const uid = randomUUID();
  const file = join(dataDir, 'logs', `${uid}.jsonl`);
  logs.append(uid, draft('a'));
  await logs.settled(uid);
  // Root may write to everything but a directory.
  await rename(file, `${file}.aside`);
  await mkdir(file);
  const told: string[] = [];
  const { close } = await logs.follow(uid, 0, ({ message }) => told.push(message));
  logs.append(uid, draft('b'));
  await logs.settled(uid);
  close();
  assert.deepEqual(told, ['b']);
});

test('a log that is removed is gone, and only executions have one', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const logs = await openExecutionLogs(dataDir);
  const [kept, gone] = [randomUUID(), randomUUID()];
  for (const uid of [kept, gone]) {
    logs.append(uid, draft('x'));
    await logs.settled(uid);
  }
  await logs.remove(gone);
  assert.deepEqual(await logs.list(), [kept]);
  assert.deepEqual(await linesOf(logs, gone), []);
  assert.throws(() => logs.append('../../etc/passwd', draft('x')), /UUID/);
});
