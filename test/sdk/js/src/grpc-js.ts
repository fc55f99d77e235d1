// The main job with grpc-js: upload a model, run a task, follow it over a broken connection.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import {
  create as createMessage,
  type DescMessage,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import * as grpc from '@grpc/grpc-js';
import { BadRequestSchema, ErrorInfoSchema } from 'predictd-sdk/google/rpc/error_details';
import { StatusSchema } from 'predictd-sdk/google/rpc/status';
import type { Event } from 'predictd-sdk/v1/execution';
import { ModelService } from 'predictd-sdk/v1/model_service';
import { State } from 'predictd-sdk/v1/state';
import { Until } from 'predictd-sdk/v1/task';
import { TaskService } from 'predictd-sdk/v1/task_service';
import { print, settings } from './settings.js';

const { url, token, source, sink, modelFile, taskId } = settings;
const chunkBytes = 1 << 20;

// snippet: connect
const client = new grpc.Client(new URL(url).host, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set('authorization', `Bearer ${token}`);

/** What grpc-js wants to know of a method, from its descriptor. */
function wire<I extends DescMessage, O extends DescMessage>(method: {
  readonly name: string;
  readonly parent: { readonly typeName: string };
  readonly input: I;
  readonly output: O;
}) {
  return [
    `/${method.parent.typeName}/${method.name}`,
    (init: MessageInitShape<I>) =>
      Buffer.from(toBinary(method.input, createMessage(method.input, init))),
    (bytes: Buffer): MessageShape<O> => fromBinary(method.output, bytes),
  ] as const;
}

function call<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
) {
  return new Promise<MessageShape<O>>((resolve, reject) => {
    client.makeUnaryRequest(...wire(method), request, metadata, (error, answer) => {
      if (answer) resolve(answer);
      else reject(error);
    });
  });
}

async function* follow<I extends DescMessage, O extends DescMessage>(
  method: DescMethodServerStreaming<I, O>,
  request: MessageInitShape<I>,
): AsyncGenerator<MessageShape<O>> {
  // waitForReady: grpc-js itself waits until the service is there again.
  const whenReady = new grpc.Metadata({ waitForReady: true });
  whenReady.merge(metadata);
  const stream = client.makeServerStreamRequest(...wire(method), request, whenReady);
  // What comes after the reader has left is an error nobody would catch.
  stream.on('error', () => undefined);
  try {
    yield* stream;
  } finally {
    // Leaving the loop alone would leave the call open.
    stream.cancel();
  }
}
// end

// snippet: upload
async function send<I extends DescMessage, O extends DescMessage>(
  method: DescMethodClientStreaming<I, O>,
  requests: AsyncIterable<MessageInitShape<I>>,
) {
  let stream: grpc.ClientWritableStream<MessageInitShape<I>> | undefined;
  const answered = new Promise<MessageShape<O>>((resolve, reject) => {
    stream = client.makeClientStreamRequest(...wire(method), metadata, (error, answer) => {
      if (answer) resolve(answer);
      else reject(error);
    });
  });
  for await (const request of requests) {
    if (stream?.write(request) === false) await Promise.race([once(stream, 'drain'), answered]);
  }
  stream?.end();
  return answered;
}

async function upload(modelId: string, path: string) {
  const data = await readFile(path);
  async function* parts() {
    yield { parent: 'users/me', modelId };
    for (let start = 0; start < data.length; start += chunkBytes) {
      yield { content: { data: data.subarray(start, start + chunkBytes) } };
    }
  }
  return send(ModelService.method.uploadModel, parts());
}
// end

// snippet: create
function create(taskId: string, topics: { source: string; sink: string }, until: Until) {
  return call(TaskService.method.createTask, {
    parent: 'users/me',
    taskId,
    // Makes the call safe to repeat.
    requestId: randomUUID(),
    task: {
      spec: {
        source: { topic: topics.source },
        sink: { topic: topics.sink },
        predictor: { kind: { case: 'onnx', value: { model: modelId } } },
        until,
      },
    },
  });
}
// end

// snippet: start
async function start(name: string) {
  const execution = await call(TaskService.method.startTask, { name });
  return execution.name;
}
// end

/** Where the history is now: a watch that is given up when its snapshot is complete. */
async function newestSequence(name: string): Promise<bigint> {
  for await (const { kind, sequence } of follow(TaskService.method.watchTasks, { name })) {
    if (kind.case === 'snapshotEnd') return sequence;
  }
  throw new Error('the watch ended within its snapshot');
}

// snippet: watch
/** Every change after `sequence`, whatever happens to the connection. */
async function* watch(name: string, sequence: bigint): AsyncGenerator<Event> {
  for (;;) {
    const request = { name, afterSequence: sequence };
    try {
      for await (const answer of follow(TaskService.method.watchTasks, request)) {
        sequence = answer.sequence;
        if (answer.kind.case === 'change' && answer.kind.value.event) yield answer.kind.value.event;
      }
    } catch (error) {
      if (!isServiceError(error) || error.code !== grpc.status.UNAVAILABLE) throw error;
      print('interrupted');
    }
  }
}
// end

function isServiceError(error: unknown): error is grpc.ServiceError {
  return error instanceof Error && 'code' in error && 'metadata' in error;
}

// snippet: stop
async function stop(name: string) {
  const { status } = await call(TaskService.method.stopTask, { name });
  return State[status?.state ?? State.UNSPECIFIED];
}
// end

// snippet: error
function explain(error: grpc.ServiceError) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return;
  for (const detail of fromBinary(StatusSchema, bytes).details) {
    const info = anyUnpack(detail, ErrorInfoSchema);
    if (info) print('refused', info.reason, info.domain);
    const bad = anyUnpack(detail, BadRequestSchema);
    for (const { field, reason } of bad?.fieldViolations ?? []) print('violation', field, reason);
  }
}
// end

const modelId = taskId;
print('uploaded', (await upload(modelId, modelFile)).name);
await create('bad', { source, sink: source }, Until.END).catch(explain);
const task = await create(taskId, { source, sink }, Until.END);
const sequence = await newestSequence(task.name);
print('started', await start(task.name));
for await (const { number, reason, toState } of watch(task.name, sequence)) {
  print('change', number, reason);
  if (toState === State.COMPLETED) break;
}
const endless = await create(
  `${taskId}-endless`,
  { source, sink: `${sink}-endless` },
  Until.STOPPED,
);
await start(endless.name);
print('stopped', `STATE_${await stop(endless.name)}`);
client.close();
