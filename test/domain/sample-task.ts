import { type Execution, type Live, noProgress } from '../../src/domain/execution.js';
import type { Task } from '../../src/domain/task.js';

/** A task `users/c1/tasks/t`. */
export function sampleTask(change: Partial<Task> = {}): Task {
  return {
    id: 1,
    uid: '00000000-0000-4000-8000-000000000001',
    user: 'c1',
    name: 't',
    version: 1,
    generation: 1,
    displayName: '',
    labels: {},
    annotations: {},
    spec: {
      source: {
        topic: 'in',
        format: 'JSON',
        bootstrapServers: [],
        startFrom: 'EARLIEST',
        consumerGroup: '',
        options: {},
        schemaRegistryUrl: '',
      },
      sink: { topic: 'out', format: 'JSON', fields: {} },
      predictor: { type: 'onnx', model: 'iris', features: [], inputs: {}, missingAsNan: false },
      until: 'STOPPED',
      guarantee: 'EXACTLY_ONCE',
      parallelism: 1,
      batch: { maxRecords: 4_000, maxWaitMs: 50 },
      onBadRecord: 'DEAD_LETTER',
      deadLetterTopic: 'out.dead-letter',
      heapMinMib: 1_024,
      heapMaxMib: 2_048,
      maxRestarts: 10,
    },
    desired: 'STOPPED',
    createdAt: 1_000,
    updatedAt: 1_000,
    ...change,
  };
}

/** An execution of it that runs since 10,000 with epoch 2. */
export function sampleExecution(change: Partial<Execution> = {}): Execution {
  return {
    id: 2,
    uid: '00000000-0000-4000-8000-000000000002',
    taskId: 1,
    number: 3,
    state: 'RUNNING',
    reason: 'RUNNING',
    message: 'It predicts.',
    stateAt: 10_000,
    epoch: 2,
    generation: 1,
    spec: sampleTask().spec,
    actor: 'users/c1',
    createdAt: 9_000,
    startedAt: 9_500,
    lastError: '',
    restartCount: 0,
    restartsInRow: 0,
    progress: noProgress,
    ...change,
  };
}

/** A runner of it that answered at `at`, and whose loop turned and progressed then. */
export function sampleLive(at: number, change: Partial<Live> = {}): Live {
  return {
    epoch: 2,
    processId: 77,
    heartbeatAt: at,
    loopAt: at,
    progressAt: at,
    memoryBytes: 5,
    recordsPerSecond: 100,
    latencyMs: { p50: 1, p95: 2, p99: 3 },
    modelSha256: 'ab',
    conditions: [
      { type: 'LoopAlive', status: 'TRUE', reason: 'TURNS', message: 'It turns.', since: 9_900 },
    ],
    ...change,
  };
}
