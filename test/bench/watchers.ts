import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  WatchTasksRequestSchema,
  WatchTasksResponseSchema,
} from '../../gen/ts/predictd/v1/task_service_pb.js';
import { Role } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { startLocalService } from '../../src/demo/local-service.js';
import { connectTo, uploadModel } from '../faults/stream.js';
import { residentMib } from '../support/process.js';

/**
 * Watches one task of a real service by many gRPC streams, some of which never read, and changes it now and then. Prints
 * what the readers saw, how late, and what it cost the service; fails if a reader missed a change. The client only notes
 * when bytes came and reads them between two changes, since it shares the machine with the service.
 */
const { values } = parseArgs({
  options: {
    watchers: { type: 'string', default: '1000' },
    deaf: { type: 'string', default: '100' },
    /** Streams that share a connection; the service allows 100. */
    'streams-each': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    'change-ms': { type: 'string', default: '500' },
  },
});
const watchersMax = Number(values.watchers);
const deafMax = Number(values.deaf);
const streamsEach = Number(values['streams-each']);
const changes = Math.floor((Number(values.seconds) * 1_000) / Number(values['change-ms']));
/** One user may have as many watches. */
const watchesOfUser = 100;

interface Watcher {
  /** Pieces that came since they were read last, each with its time. */
  pieces: { readonly at: number; readonly bytes: Buffer }[];
  rest: Buffer;
  readonly seen: number[];
}

// Nobody listens there: tasks are only changed, never run.
await using service = await startLocalService({ brokers: '127.0.0.1:9' });
const connection = connectTo(service);
await uploadModel(connection, 'iris');
const name = 'users/admin/tasks/watched';
await connection.tasks.createTask({
  parent: 'users/admin',
  taskId: 'watched',
  task: {
    spec: {
      source: { topic: 'nothing-in' },
      sink: { topic: 'nothing-out' },
      predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
    },
  },
});
const sessions: ClientHttp2Session[] = [];
const readers: Watcher[] = [];
await open();
await delay(2_000);

const sentAt = new Map<number, number>();
const sizes: number[] = [];
const cpuBefore = await cpuMs(service.processId);
for (let change = 1; change <= changes; change += 1) {
  sentAt.set(change, performance.now());
  const labels = { change: String(change) };
  await connection.tasks.updateTask({ task: { name, labels }, updateMask: { paths: ['labels'] } });
  await delay(Number(values['change-ms']));
  for (const reader of readers) read(reader);
  sizes.push(await residentMib(service.processId));
}
await delay(2_000);
for (const reader of readers) read(reader);
const cpu = (await cpuMs(service.processId)) - cpuBefore;
const delays = readers.flatMap(({ seen }) => seen).toSorted((a, b) => a - b);
const at = (share: number) => (delays[Math.floor((delays.length - 1) * share)] ?? NaN).toFixed(1);
const third = sizes[Math.floor(sizes.length / 3)] ?? 0;
const rows = [
  ['readers, deaf, streams a connection', `${readers.length}, ${deafMax}, ${streamsEach}`],
  ['changes, messages', `${changes}, ${delays.length} of ${readers.length * changes}`],
  ['delay p50, p99, most', `${at(0.5)}, ${at(0.99)}, ${at(1)} ms`],
  ['CPU of the service for a message', `${((cpu * 1_000) / delays.length).toFixed(0)} us`],
  ['memory at a third, at the end', `${third}, ${sizes.at(-1)} MiB`],
];
for (const row of rows) process.stdout.write(`${row.join('\t')}\n`);
for (const session of sessions) session.destroy();
connection.close();
assert.equal(delays.length, readers.length * changes, 'a reader missed a change');

/** Opens the watches, those that never read on connections of their own. */
async function open(): Promise<void> {
  const begun: Promise<void>[] = [];
  let token = '';
  let session: ClientHttp2Session | undefined;
  for (let index = 0; index < watchersMax; index += 1) {
    const isDeaf = index < deafMax;
    if (index % watchesOfUser === 0) {
      const userId = `watcher-${index}`;
      ({ token } = await connection.users.createUser({ userId, role: Role.ADMIN }));
      session = undefined;
    }
    if (session === undefined || index % streamsEach === 0 || index === deafMax) {
      session = connectHttp2(service.url).on('error', () => undefined);
      sessions.push(session);
    }
    begun.push(watch(session, token, isDeaf));
  }
  await Promise.all(begun);
}

/** Resolves when the first bytes have come. */
function watch(session: ClientHttp2Session, token: string, isDeaf: boolean): Promise<void> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/predictd.v1.TaskService/WatchTasks',
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${token}`,
  });
  stream.end(
    enveloped(toBinary(WatchTasksRequestSchema, create(WatchTasksRequestSchema, { name }))),
  );
  const watcher: Watcher = { pieces: [], rest: Buffer.alloc(0), seen: [] };
  if (!isDeaf) readers.push(watcher);
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('response', () => resolve());
    if (isDeaf) return;
    stream.on('data', (bytes: Buffer) => watcher.pieces.push({ at: performance.now(), bytes }));
  });
}

function enveloped(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Takes the messages out of what came, and notes how late each change was. */
function read(watcher: Watcher): void {
  for (const { at: cameAt, bytes } of watcher.pieces.splice(0)) {
    let buffer = Buffer.concat([watcher.rest, bytes]);
    while (buffer.length >= 5 && buffer.length >= 5 + buffer.readUInt32BE(1)) {
      const end = 5 + buffer.readUInt32BE(1);
      const { kind } = fromBinary(WatchTasksResponseSchema, buffer.subarray(5, end));
      buffer = buffer.subarray(end);
      if (kind.case !== 'change' || kind.value.event?.reason !== 'UPDATED') continue;
      watcher.seen.push(cameAt - (sentAt.get(watcher.seen.length + 1) ?? NaN));
    }
    watcher.rest = buffer;
  }
}

async function cpuMs(processId: number): Promise<number> {
  const fields = (await readFile(`/proc/${processId}/stat`, 'utf8')).split(') ')[1]?.split(' ');
  // In hundredths of a second, of the process itself.
  return (Number(fields?.[11]) + Number(fields?.[12])) * 10;
}
