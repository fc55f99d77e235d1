import assert from 'node:assert/strict';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Event } from '../../../gen/ts/predictd/v1/execution_pb.js';
import { DesiredState } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { Connection } from '../../../src/cli/connection.js';
import { taskName } from '../../main-job/service-under-test.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { connectTo, Stream } from '../stream.js';

const clients = 100;
const callsEach = 12;
const tasks = 3;
const spec = {
  source: { topic: 'nothing-in' },
  sink: { topic: 'nothing-out' },
  predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
} as const;

/** What a client may be told when others were faster. */
const refusals: ReadonlySet<Code> = new Set([
  Code.AlreadyExists,
  Code.NotFound,
  Code.FailedPrecondition,
  Code.Aborted,
  Code.ResourceExhausted,
]);

/** Fault 37. */
export const verbStorm: FaultCase = {
  fault: 37,
  name: '100 clients start, stop, update and replace the same tasks',
  holds:
    'one create of a name wins; executions never overlap; each acknowledged start is one of them',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka, start: false });
    const all = Array.from({ length: clients }, () => connectTo(stream.service));
    lab.after(() => {
      for (const connection of all) connection.close();
    });
    await createRace(all);
    const started = new Map<string, number[]>();
    const askedAt = performance.now();
    await Promise.all(all.map((connection) => storm(connection, lab.random, started)));
    const elapsedMs = performance.now() - askedAt;
    lab.note(`${clients * callsEach} calls in ${(elapsedMs / 1_000).toFixed(1)} s`);
    for (let task = 0; task < tasks; task += 1) {
      const name = taskName(`storm-${task}`);
      await stream.connection.tasks.stopTask({ name, force: true });
      await checkHistory(stream.connection, name, started.get(name) ?? []);
    }
    return { injected: clients * callsEach };
  },
};

/** Of many that make the same task, one does, and the others hear that it exists. */
async function createRace(all: readonly Connection[]): Promise<void> {
  for (let task = 0; task < tasks; task += 1) {
    const outcomes = await Promise.allSettled(
      all.map((connection) => {
        const taskId = `storm-${task}`;
        return connection.tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
      }),
    );
    const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
    assert.equal(won, 1, `${won} clients made storm-${task}`);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        assert.equal(ConnectError.from(outcome.reason).code, Code.AlreadyExists);
      }
    }
  }
}

async function storm(
  { tasks: service }: Connection,
  random: () => number,
  started: Map<string, number[]>,
): Promise<void> {
  for (let call = 0; call < callsEach; call += 1) {
    const name = taskName(`storm-${Math.floor(random() * tasks)}`);
    const dice = random();
    try {
      if (dice < 0.4) {
        const execution = await service.startTask({ name });
        started.set(name, [...(started.get(name) ?? []), Number(execution.number)]);
      } else if (dice < 0.7) {
        const { desiredState } = await service.stopTask({ name, force: random() < 0.7 });
        assert.notEqual(desiredState, DesiredState.UNSPECIFIED);
      } else if (dice < 0.85) {
        const labels = { by: String(random()).slice(2, 12) };
        await service.updateTask({ task: { name, labels }, updateMask: { paths: ['labels'] } });
      } else {
        const { etag } = await service.getTask({ name });
        await service.updateTask({
          task: { name, etag, displayName: 'mine' },
          updateMask: { paths: ['display_name'] },
        });
      }
    } catch (error) {
      const { code } = ConnectError.from(error);
      assert.ok(refusals.has(code), String(error));
    }
  }
}

/** The acknowledged starts are the executions, one for one, and one ends before the next begins. */
async function checkHistory(
  connection: Connection,
  name: string,
  started: readonly number[],
): Promise<void> {
  const ascending = started.toSorted((a, b) => a - b);
  assert.deepEqual(
    ascending,
    ascending.map((_, index) => index + 1),
    `${name}: each acknowledged start is an execution of its own`,
  );
  const events: Event[] = [];
  for (let pageToken = ''; ; ) {
    const page = await connection.tasks.listEvents({ parent: name, pageSize: 1_000, pageToken });
    events.push(...page.events);
    pageToken = page.nextPageToken;
    if (pageToken === '') break;
  }
  assert.deepEqual(
    events.map(({ number }) => Number(number)),
    events.map((_, index) => index + 1),
    'event numbers are gapless',
  );
  const numbers = events
    .map(({ execution }) => Number(/\d+$/.exec(execution)?.[0] ?? 0))
    .filter((number) => number > 0);
  const sorted = numbers.toSorted((a, b) => a - b);
  assert.deepEqual(numbers, sorted, `${name}: an execution begins after the one before has ended`);
  assert.equal(numbers.at(-1) ?? 0, ascending.length);
}
