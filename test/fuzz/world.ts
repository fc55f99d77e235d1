import { readFile } from 'node:fs/promises';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { Role } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { type ServiceUnderTest, serviceUnderTest } from '../main-job/service-under-test.js';

/** A service with something in it that can be asked for by name. Dispose it to end it. */
export interface FuzzWorld extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly password: string;
  readonly secretKey: string;
  /** Number of a task and of its execution, UUIDs of an execution and of a target. */
  readonly ids: {
    readonly task: string;
    readonly execution: string;
    readonly executionUid: string;
    readonly target: string;
  };
  /** What the service logged as faults of its own. */
  faults(): readonly string[];
}

/** Starts the service on an empty directory and fills it: a model, a task that has run, a target, a second user. */
export async function startFuzzWorld(brokers: string): Promise<FuzzWorld> {
  const started = await serviceUnderTest({ brokers });
  try {
    const { service } = started;
    const admin: Credentials = JSON.parse(await readFile(service.adminFile, 'utf8'));
    const { token, password, secretKey } = admin;
    return {
      ...{ url: service.url, token, password, secretKey, ids: await fill(started) },
      faults: () => faultsIn(service.talk()),
      [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
    };
  } catch (error) {
    await started[Symbol.asyncDispose]();
    throw error;
  }
}

interface Credentials {
  readonly token: string;
  readonly password: string;
  readonly secretKey: string;
}

/** As pino writes it: 50 is an error. */
const errorLevel = 50;

async function fill(started: ServiceUnderTest): Promise<FuzzWorld['ids']> {
  const { connection } = started;
  const { tasks, executions, users, targets } = connection;
  const topic = `fuzz-${process.pid}`;
  const spec = {
    source: { topic },
    sink: { topic: `${topic}-out` },
    predictor: { kind: { case: 'onnx' as const, value: { model: 'iris' } } },
  };
  await started.upload('iris');
  const task = await tasks.createTask({ parent: 'users/admin', taskId: 'iris', task: { spec } });
  const target = await targets.createTarget({ targetId: 'iris', target: { spec } });
  await users.createUser({ userId: 'fuzz', role: Role.OPERATOR });
  const { name } = await tasks.startTask({ name: task.name });
  await started.reach('iris', [State.RUNNING, State.FAILED]);
  const execution = await executions.getExecution({ name });
  return {
    task: String(task.id),
    execution: String(execution.id),
    executionUid: execution.uid,
    target: target.id,
  };
}

function faultsIn(talk: string): string[] {
  return talk.split('\n').filter((line) => {
    const level = /"level":(\d+)/.exec(line)?.[1];
    return Number(level ?? 0) >= errorLevel;
  });
}
