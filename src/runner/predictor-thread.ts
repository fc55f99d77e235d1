import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createEgressPolicy } from '../domain/egress.js';
import { createSocketFactory } from '../kafka/egress.js';
import { installCodecs } from '../kafka/install-codecs.js';
import { OipScorer } from '../predict/oip/oip-scorer.js';
import { CallGuard, type RemoteCalls } from '../predict/remote/call-guard.js';
import type { RecordScorer } from '../predict/scorer.js';
import { RemoteScorer } from '../predict/symetry/remote-scorer.js';
import type { BatchSpans } from './batch-span.js';
import { failureOf, RunnerError } from './failure.js';
import { loadModel } from './load-model.js';
import type {
  DropModelMessage,
  LoadModelMessage,
  StartMessage,
  UseModelMessage,
} from './messages.js';
import { TaskLoop } from './task-loop.js';
import type { FromThread, ThreadData, ToThread } from './thread-messages.js';
import { ThreadModel } from './thread-model.js';
import { ThreadModels } from './thread-models.js';

/** How often a thread says how far it is. */
const PROGRESS_MS = 100;

/** The entry of a predictor thread: loads the model, waits for the plan, and runs the data loop until it is told to stop. */
async function main(port: MessagePort, data: ThreadData): Promise<void> {
  const say = (message: FromThread) => port.postMessage(message);
  const stop = new AbortController();
  const orders = new Orders(port, stop);
  const { start } = data;
  const spans = await openSpans(start);
  const scorer = await loadScorer(start, say, stop.signal);
  const models = new ThreadModels(
    new ThreadModel(scorer, start.model?.sha256 ?? ''),
    (sha256, cause) => say({ type: 'model-refused', sha256, cause }),
  );
  orders.onModels = (order) => followOrder(order, { start, models, say });
  say({ type: 'loaded' });
  try {
    const plan = await orders.plan;
    if (!plan) return;
    const policy = createEgressPolicy([], start.allowEgress);
    const loop = new TaskLoop({
      ...data,
      plan,
      models,
      spans,
      socketFactory: createSocketFactory(policy),
      onJoining: () => say({ type: 'joining' }),
      onLog: (severity, reason, message) => say({ type: 'log', severity, reason, message }),
    });
    orders.onNudge = () => loop.nudge();
    const report = () => say({ type: 'progress', progress: loop.progress() });
    const timer = setInterval(report, PROGRESS_MS);
    await loop.run(stop.signal).finally(() => clearInterval(timer));
    report();
  } finally {
    await spans?.flush();
    await models.release();
  }
}

type ModelOrder = LoadModelMessage | UseModelMessage | DropModelMessage;

function isModelOrder(message: ToThread): message is ModelOrder {
  const { type } = message;
  return type === 'load-model' || type === 'use-model' || type === 'drop-model';
}

interface ModelPlace {
  readonly start: StartMessage;
  readonly models: ThreadModels;
  readonly say: (message: FromThread) => void;
}

function followOrder(order: ModelOrder, { start, models, say }: ModelPlace): void {
  if (order.type === 'use-model') models.use(order.sha256);
  if (order.type === 'drop-model') models.drop(order.sha256);
  if (order.type !== 'load-model') return;
  const { model, use } = order;
  const { sha256 } = model;
  loadModel({ ...start, model }).then(
    (scorer) => {
      models.add(scorer, sha256, use);
      say({ type: 'model-loaded', sha256 });
    },
    (error: unknown) => {
      const { reason, message } = failureOf(error);
      say({ type: 'model-refused', sha256, cause: { reason, message } });
    },
  );
}

/** What the main thread asks for. */
class Orders {
  readonly plan: Promise<(ToThread & { type: 'go' })['plan'] | undefined>;
  onNudge: () => void = () => undefined;
  onModels: (order: ModelOrder) => void = () => undefined;

  constructor(port: MessagePort, stop: AbortController) {
    this.plan = new Promise((resolve) => {
      port.on('message', (message: ToThread) => {
        if (message.type === 'go') resolve(message.plan);
        if (message.type === 'nudge') this.onNudge();
        if (isModelOrder(message)) this.onModels(message);
        if (message.type !== 'stop') return;
        stop.abort();
        resolve(undefined);
      });
    });
  }
}

/** Loaded only where somebody traces: others are spared its memory. */
async function openSpans(start: StartMessage): Promise<BatchSpans | undefined> {
  if (!start.traced) return undefined;
  const { openBatchSpans } = await import('./batch-span.js');
  return openBatchSpans(start);
}

/** Makes what the task is scored with, ready and warmed up. */
async function loadScorer(
  start: StartMessage,
  say: (message: FromThread) => void,
  stop: AbortSignal,
): Promise<RecordScorer> {
  const { model, spec } = start;
  const { predictor } = spec;
  const socketFactory = createSocketFactory(createEgressPolicy([], start.allowEgress));
  if (predictor.type !== 'onnx') {
    const context = { socketFactory, calls: guardedCalls(say) };
    if (predictor.type === 'oip') {
      return await OipScorer.open({ ...spec, predictor }, context, stop);
    }
    return new RemoteScorer({ ...spec, predictor }, context);
  }
  if (!model) throw new RunnerError('MODEL_LOAD_FAILED', 'There is no model.');
  return await loadModel({ spec, model, allowEgress: start.allowEgress });
}

/** Calls that wait for a server that is away, and say so. */
function guardedCalls(say: (message: FromThread) => void): RemoteCalls {
  const reason = 'PREDICTOR_UNREACHABLE';
  let away = false;
  return new CallGuard({
    onTrouble(trouble) {
      say({ type: 'predictor', ...(trouble ? { trouble: { reason, ...trouble } } : {}) });
      const isNew = away !== (trouble !== undefined);
      away = trouble !== undefined;
      if (!isNew) return;
      if (trouble) say({ type: 'log', severity: 'WARNING', reason, message: trouble.message });
      else say({ type: 'log', severity: 'INFO', reason: 'PREDICTOR_BACK', message: back });
    },
  });
}

const back = 'The server that predicts answers again.';

if (parentPort) {
  const port = parentPort;
  const data = workerData as ThreadData;
  installCodecs({ fastCodec: data.start.fastCodec });
  main(port, data).then(
    () => end(port, { type: 'stopped' }),
    (error: unknown) => {
      const { reason, message, fatal } = failureOf(error);
      end(port, { type: 'failed', reason, message, fatal });
    },
  );
}

function end(port: MessagePort, outcome: (FromThread & { type: 'ended' })['outcome']): void {
  port.postMessage({ type: 'ended', outcome } satisfies FromThread);
  port.close();
}
