import { type ChildProcess, fork } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TensorInfo } from '../../src/domain/model.js';
import type { OnnxPredictor, TaskSpec } from '../../src/domain/task.js';
import type { FromRunner, HeartbeatMessage, StartMessage } from '../../src/runner/messages.js';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';
import type { TestKafka } from '../support/kafka.js';

const entry = fileURLToPath(new URL('../../src/runner/main.js', import.meta.url));

const features = (columns: number): TensorInfo[] => [
  { name: 'features', type: 'float32', shape: [-1, columns] },
];
const classes = (count: number): TensorInfo[] => [
  { name: 'label', type: 'int64', shape: [-1] },
  { name: 'probabilities', type: 'float32', shape: [-1, count] },
];

/** Signatures of the committed models, as the service would have read them at upload. */
export const signatures = {
  'iris.onnx': { inputs: features(4), outputs: classes(3) },
  'gbt.onnx': { inputs: features(30), outputs: classes(2) },
  'ffnn.onnx': { inputs: features(784), outputs: classes(10) },
  'loop.onnx': {
    inputs: features(4),
    outputs: [{ name: 'sum', type: 'float32', shape: [-1, 4] }],
  },
  'strings.onnx': {
    inputs: [
      { name: 'colour', type: 'string', shape: [-1, 1] },
      { name: 'size', type: 'float32', shape: [-1, 1] },
    ],
    outputs: [{ name: 'price', type: 'float32', shape: [-1, 1] }],
  },
} as const satisfies Readonly<
  Record<string, { inputs: readonly TensorInfo[]; outputs: readonly TensorInfo[] }>
>;

export type ModelFile = keyof typeof signatures;

export interface SpecChoices extends Partial<Omit<TaskSpec, 'source' | 'sink' | 'predictor'>> {
  readonly source: string;
  readonly sink: string;
  readonly model?: ModelFile;
  readonly sourceParts?: Partial<TaskSpec['source']>;
  readonly sinkFields?: Readonly<Record<string, string>>;
  readonly predictor?: Partial<OnnxPredictor>;
}

/** A start message as the supervisor sends it; what is not chosen is as the service defaults it. */
export function startMessage(kafka: TestKafka, choices: SpecChoices): StartMessage {
  const {
    source,
    sink,
    model = 'iris.onnx',
    sourceParts,
    sinkFields,
    predictor,
    ...rest
  } = choices;
  const taskUid = randomUUID();
  const path = fixturePath(model);
  const spec: TaskSpec = {
    source: {
      topic: source,
      format: 'JSON',
      bootstrapServers: [],
      startFrom: 'EARLIEST',
      consumerGroup: '',
      options: {},
      schemaRegistryUrl: '',
      ...sourceParts,
    },
    sink: { topic: sink, format: 'JSON', fields: sinkFields ?? {} },
    predictor: {
      type: 'onnx',
      model: 'model',
      features: [],
      inputs: {},
      missingAsNan: false,
      ...predictor,
    },
    until: 'STOPPED',
    guarantee: 'EXACTLY_ONCE',
    parallelism: 1,
    batch: { maxRecords: 4_000, maxWaitMs: 50 },
    onBadRecord: 'DEAD_LETTER',
    deadLetterTopic: `${sink}.dead-letter`,
    heapMinMib: 256,
    heapMaxMib: 512,
    maxRestarts: 10,
    ...rest,
  };
  return {
    type: 'start',
    taskUid,
    taskName: 'users/test/tasks/test',
    executionNumber: 1,
    epoch: 1,
    spec,
    bootstrapServers: kafka.brokers,
    consumerGroup: `predictd.${taskUid}`,
    model: {
      path,
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      ...signatures[model],
    },
    allowEgress: kafka.brokers,
    fastCodec: true,
    scoreTimeoutMs: 30_000,
  };
}

/** A real runner process, and everything that it said. */
export class ForkedRunner implements Disposable {
  readonly child: ChildProcess;
  readonly messages: FromRunner[] = [];
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly startedAt = performance.now();
  output = '';

  constructor(start: StartMessage) {
    this.child = fork(entry, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--enable-source-maps'],
      env: { PATH: process.env.PATH },
    });
    this.child.on('message', (message) => this.messages.push(message as FromRunner));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output += String(text);
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.child.send(start);
  }

  /** What it said last of this type. */
  last<Type extends FromRunner['type']>(
    type: Type,
  ): Extract<FromRunner, { type: Type }> | undefined {
    const found = this.messages.findLast((message) => message.type === type);
    return found as Extract<FromRunner, { type: Type }> | undefined;
  }

  async ready(deadlineMs = 20_000): Promise<void> {
    await eventually(() => this.last('ready') ?? this.#brokeEarly(), {
      deadlineMs,
      what: 'the runner is ready',
    });
  }

  /** The first heartbeat from now on that fits. */
  async heartbeat(
    fits: (heartbeat: HeartbeatMessage) => boolean,
    deadlineMs = 30_000,
  ): Promise<HeartbeatMessage> {
    return await eventually(
      () => {
        const heartbeat = this.last('heartbeat');
        return heartbeat && fits(heartbeat) ? heartbeat : this.#brokeEarly();
      },
      { deadlineMs, what: 'a heartbeat fits' },
    );
  }

  /** Its last word, once it has exited. */
  async outcome(): Promise<Extract<FromRunner, { type: 'ended' }>['outcome'] | undefined> {
    await this.exited;
    return this.last('ended')?.outcome;
  }

  stop(): void {
    this.child.send({ type: 'stop' });
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }

  #brokeEarly(): undefined {
    const outcome = this.last('ended')?.outcome;
    if (outcome?.type === 'failed') throw new Error(`${outcome.reason}: ${outcome.message}`);
    return undefined;
  }
}
