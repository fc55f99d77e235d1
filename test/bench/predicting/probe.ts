import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import type { FetchedChunk } from '../../../src/kafka/fetcher.js';

/**
 * Loaded before the service, its runners and their threads when they are measured; nothing in them knows of it. In the service it lets
 * runners see the variables it needs; in a predictor thread it notes when the first records came and the last commit was made, and writes
 * both to a file. With `PREDICTD_BENCH_PROFILE` it also writes a CPU profile of the thread.
 */
const folder = process.env.PREDICTD_BENCH_PROBE;
if (folder !== undefined) {
  if (!isMainThread) await watchThread(folder);
  else if (process.send === undefined) passOn();
}

function passOn(): void {
  const processes = createRequire(import.meta.url)('node:child_process');
  const { fork } = processes;
  processes.fork = (path: string, args: string[], options: { env?: NodeJS.ProcessEnv }) => {
    const { NODE_OPTIONS, PREDICTD_BENCH_PROBE, PREDICTD_BENCH_PROFILE } = process.env;
    const own = { NODE_OPTIONS, PREDICTD_BENCH_PROBE, PREDICTD_BENCH_PROFILE };
    return fork(path, args, { ...options, env: { ...options.env, ...own } });
  };
  syncBuiltinESMExports();
}

async function watchThread(into: string): Promise<void> {
  const { PartitionBuffer } = await import('../../../src/runner/partition-buffer.js');
  const { PartitionProducer } = await import('../../../src/kafka/partition-producer.js');
  const path = join(into, `${process.pid}-${threadId}`);
  const marks = { firstRecordAt: 0, lastCommitAt: 0 };
  const { receive } = PartitionBuffer.prototype;
  PartitionBuffer.prototype.receive = function (chunk: FetchedChunk) {
    if (chunk.records.length > 0) marks.firstRecordAt ||= now();
    receive.call(this, chunk);
  };
  const { commit } = PartitionProducer.prototype;
  PartitionProducer.prototype.commit = async function (...args) {
    await commit.apply(this, args);
    marks.lastCommitAt = now();
  };
  const { TaskLoop } = await import('../../../src/runner/task-loop.js');
  const { run } = TaskLoop.prototype;
  TaskLoop.prototype.run = async function (stop) {
    const profile = process.env.PREDICTD_BENCH_PROFILE ? await startProfile() : undefined;
    await run.call(this, stop);
    writeFileSync(`${path}.json`, JSON.stringify(marks));
    await profile?.(`${path}.cpuprofile`);
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

async function startProfile(): Promise<(path: string) => Promise<void>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async (path) => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(path, JSON.stringify(profile));
  };
}
