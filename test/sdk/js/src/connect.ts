// The main job with Connect: upload a model, run a task, follow it over a broken connection.
// snippet: imports
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { BadRequestSchema, ErrorInfoSchema } from 'predictd-sdk/google/rpc/error_details';
import type { Event } from 'predictd-sdk/v1/execution';
import { ModelService } from 'predictd-sdk/v1/model_service';
import { State } from 'predictd-sdk/v1/state';
import { Until } from 'predictd-sdk/v1/task';
import { TaskService } from 'predictd-sdk/v1/task_service';
// end
import { print, settings } from './settings.js';

const { url, token, source, sink, modelFile, taskId } = settings;
// snippet: settings
const chunkBytes = 1 << 20;
const reconnectMs = 200;
// end

// snippet: connect
const authorize: Interceptor = (next) => (req) => {
  req.header.set('authorization', `Bearer ${token}`);
  return next(req);
};
// HTTP/2, because an upload is a stream. In browsers: @connectrpc/connect-web.
const transport = createConnectTransport({
  baseUrl: url,
  httpVersion: '2',
  interceptors: [authorize],
});
const tasks = createClient(TaskService, transport);
const models = createClient(ModelService, transport);
// end

// snippet: upload
async function upload(modelId: string, path: string) {
  const data = await readFile(path);
  async function* parts() {
    yield { parent: 'users/me', modelId };
    for (let start = 0; start < data.length; start += chunkBytes) {
      yield { content: { data: data.subarray(start, start + chunkBytes) } };
    }
  }
  return models.uploadModel(parts());
}
// end

// snippet: create
function create(taskId: string, topics: { source: string; sink: string }, until: Until) {
  return tasks.createTask({
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
  const execution = await tasks.startTask({ name });
  return execution.name;
}
// end

/** Where the history is now: a watch that is given up when its snapshot is complete. */
async function newestSequence(name: string) {
  for await (const { kind, sequence } of tasks.watchTasks({ name })) {
    if (kind.case === 'snapshotEnd') return sequence;
  }
  throw new Error('the watch ended within its snapshot');
}

// snippet: watch
/** Every change after `sequence`, whatever happens to the connection. */
async function* watch(name: string, sequence: bigint): AsyncGenerator<Event> {
  for (;;) {
    try {
      for await (const answer of tasks.watchTasks({ name, afterSequence: sequence })) {
        sequence = answer.sequence;
        if (answer.kind.case === 'change' && answer.kind.value.event) yield answer.kind.value.event;
      }
    } catch (error) {
      if (!isInterruption(error)) throw error;
      print('interrupted');
      await delay(reconnectMs);
    }
  }
}

/** Connect for Node has no one code for connections that break: it depends on how they do. */
function isInterruption(error: unknown) {
  const { code } = ConnectError.from(error);
  return [Code.Unavailable, Code.Aborted, Code.Canceled, Code.Internal].includes(code);
}
// end

// snippet: stop
async function stop(name: string) {
  const { status } = await tasks.stopTask({ name });
  return State[status?.state ?? State.UNSPECIFIED];
}
// end

// snippet: error
function explain(error: unknown) {
  const failure = ConnectError.from(error);
  for (const { reason, domain } of failure.findDetails(ErrorInfoSchema)) {
    print('refused', reason, domain);
  }
  for (const { fieldViolations } of failure.findDetails(BadRequestSchema)) {
    for (const { field, reason } of fieldViolations) print('violation', field, reason);
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
// The transport keeps its connection for the next call.
process.exit();
