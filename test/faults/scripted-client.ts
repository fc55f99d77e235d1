import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Code, ConnectError } from '@connectrpc/connect';
import { DesiredState, type Task } from '../../gen/ts/predictd/v1/task_pb.js';
import type { Connection } from '../../src/cli/connection.js';
import { taskName } from '../main-job/service-under-test.js';

/** What a client knows of one task. */
interface Known {
  readonly exists: boolean;
  /** Of the newest acknowledged create or update. */
  readonly version: number;
  readonly executions: number;
  readonly wanted: boolean;
}

type Verb = 'create' | 'update' | 'start' | 'stop' | 'delete';

/** A call that was sent and not answered: it may have been done or not. */
interface Doubt {
  readonly verb: Verb;
  readonly taskId: string;
  readonly after: Known;
  readonly version: number;
  readonly requestId: string;
}

const nothing: Known = { exists: false, version: 0, executions: 0, wanted: false };
const tasksOfOne = 3;

/** Calls the service, one call after another, and remembers what was acknowledged. No other client touches its tasks. */
export class ScriptedClient {
  acknowledged = 0;
  doubtful = 0;
  readonly #random: () => number;
  readonly #tasks: Map<string, Known>;
  #doubt: Doubt | undefined;
  #version = 0;

  constructor(index: number, random: () => number) {
    this.#random = random;
    const ids = Array.from({ length: tasksOfOne }, (_, task) => `client-${index}-task-${task}`);
    this.#tasks = new Map(ids.map((id) => [id, nothing]));
  }

  /** Calls until the service is gone. Rejects when it answers what it should not. */
  async call(connection: Connection): Promise<void> {
    for (;;) {
      const doubt = this.#next();
      this.#doubt = doubt;
      try {
        await send(connection, doubt);
        this.#acknowledge(doubt);
      } catch (error) {
        const { code } = ConnectError.from(error);
        if (gone.has(code)) return;
        // A start of what runs, a stop of what just ended: refused, and nothing changed.
        assert.equal(code, Code.FailedPrecondition, String(error));
        this.#doubt = undefined;
      }
    }
  }

  /** Compares what is there now with what was acknowledged. */
  async check(tasks: readonly Task[], connection: Connection): Promise<void> {
    const doubt = this.#doubt;
    this.#doubt = undefined;
    for (const [id, known] of this.#tasks) {
      const found = knownOf(tasks.find(({ name }) => name === taskName(id)));
      const possible =
        doubt?.taskId === id ? [known, doubt.after, ...halfDone(doubt, known)] : [known];
      const fits = possible.some((candidate) => isSame(found, candidate));
      const text = `${id} is ${JSON.stringify(found)}, not ${JSON.stringify(possible)}`;
      assert.ok(fits, text);
      this.#tasks.set(id, found);
    }
    if (!doubt) return;
    this.doubtful += 1;
    await this.#repeat(doubt, connection);
  }

  /** A create or start with the same request id is done once, whether it was done before or not. */
  async #repeat(doubt: Doubt, connection: Connection): Promise<void> {
    if (doubt.verb !== 'create' && doubt.verb !== 'start') return;
    if (doubt.verb === 'start' && !this.#tasks.get(doubt.taskId)?.exists) return;
    await send(connection, doubt);
    this.#acknowledge(doubt);
  }

  #acknowledge({ taskId, after }: Doubt): void {
    this.#tasks.set(taskId, after);
    this.#doubt = undefined;
    this.acknowledged += 1;
  }

  #next(): Doubt {
    const entries = [...this.#tasks];
    const [taskId, known] = entries[Math.floor(this.#random() * entries.length)] ?? ['', nothing];
    const verb = this.#verbFor(known);
    this.#version += 1;
    const version = this.#version;
    const after = outcomeOf(verb, known, version);
    return { verb, taskId, after, version, requestId: randomUUID() };
  }

  #verbFor({ exists, wanted }: Known): Verb {
    if (!exists) return 'create';
    const dice = this.#random();
    if (dice < 0.1) return 'delete';
    if (dice < 0.5) return 'update';
    return wanted ? 'stop' : 'start';
  }
}

/** What a call ends with when nobody answers any more. */
const gone: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.Unknown,
]);

function outcomeOf(verb: Verb, known: Known, version: number): Known {
  switch (verb) {
    case 'create':
      return { exists: true, version, executions: 0, wanted: false };
    case 'update':
      return { ...known, version };
    case 'start':
      return { ...known, executions: known.executions + 1, wanted: true };
    case 'stop':
      return { ...known, wanted: false };
    case 'delete':
      return nothing;
  }
}

/** A delete stops the task first: a kill in between leaves it stopped, and whoever asked asks again. */
function halfDone({ verb }: Doubt, known: Known): Known[] {
  return verb === 'delete' ? [{ ...known, wanted: false }] : [];
}

async function send({ tasks }: Connection, doubt: Doubt): Promise<void> {
  const { verb, taskId, requestId } = doubt;
  const name = taskName(taskId);
  const labels = { version: String(doubt.version) };
  switch (verb) {
    case 'create':
      await tasks.createTask({ parent: 'users/admin', taskId, requestId, task: { labels, spec } });
      return;
    case 'update':
      await tasks.updateTask({ task: { name, labels }, updateMask: { paths: ['labels'] } });
      return;
    case 'start':
      await tasks.startTask({ name, requestId });
      return;
    case 'stop':
      // By force: a runner that waits for its brokers would take the time of several kills to end.
      await tasks.stopTask({ name, force: true });
      return;
    case 'delete':
      await tasks.deleteTask({ name, force: true });
      return;
  }
}

const spec = {
  source: { topic: 'nothing-in' },
  sink: { topic: 'nothing-out' },
  predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
} as const;

function knownOf(task: Task | undefined): Known {
  if (!task) return nothing;
  return {
    exists: true,
    version: Number(task.labels.version),
    executions: Number(/\d+$/.exec(task.status?.execution ?? '')?.[0] ?? 0),
    wanted: task.desiredState === DesiredState.STARTED,
  };
}

function isSame(a: Known, b: Known): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
