import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EventDraft } from '../../src/domain/event.js';
import type { Execution } from '../../src/domain/execution.js';
import type { Model } from '../../src/domain/model.js';
import type { RequestAnswer } from '../../src/domain/ports.js';
import type { State } from '../../src/domain/state.js';
import type { Task, TaskSpec } from '../../src/domain/task.js';
import type { User } from '../../src/domain/user.js';
import { sampleSpec, sampleTask, sampleUser, temporaryStore } from './support.js';

const runs = { numRuns: 60 };
/** Any Unicode text, NUL included, that UTF-8 can say. */
const words = fc.string({ unit: 'binary', maxLength: 20 });
const integers = fc.nat({ max: Number.MAX_SAFE_INTEGER - 1 });
const times = fc.nat({ max: 8_640_000_000_000_000 });
const states = fc.constantFrom<State>('QUEUED', 'RUNNING', 'STOPPING', 'COMPLETED', 'FAILED');
const maps = fc.dictionary(words, words, { maxKeys: 4, noNullPrototype: true });
/** Leaves absent what is undefined, as the records do. */
const optional = { noNullPrototype: true } as const;

const specs: fc.Arbitrary<TaskSpec> = fc
  .record(
    {
      topic: words,
      sasl: fc.record({ password: words, username: words }, optional),
      tls: fc.record({ ca: words, certificate: words, key: words }, optional),
      options: maps,
      features: fc.array(words, { maxLength: 5 }),
      inputs: maps,
      fields: maps,
      maxRecords: integers,
    },
    {
      requiredKeys: ['topic', 'options', 'features', 'inputs', 'fields', 'maxRecords'],
      ...optional,
    },
  )
  .map(({ topic, sasl, tls, options, features, inputs, fields, maxRecords }) => {
    const { sasl: _sasl, tls: _tls, ...plain } = sampleSpec.source;
    return {
      ...sampleSpec,
      source: {
        ...plain,
        topic,
        options,
        ...(sasl && { sasl: { mechanism: 'SCRAM_SHA_512' as const, ...sasl } }),
        ...(tls && { tls }),
      },
      predictor: { ...sampleSpec.predictor, features, inputs },
      sink: { ...sampleSpec.sink, fields },
      batch: { maxRecords, maxWaitMs: 1 },
    };
  });

const users: fc.Arbitrary<User> = fc.record(
  {
    id: integers,
    name: words,
    role: fc.constantFrom('ADMIN', 'OPERATOR', 'VIEWER'),
    passwordHash: words,
    tokenHash: words,
    secretKeySealed: words,
    projects: fc.array(fc.uuid(), { maxLength: 3 }),
    createdAt: times,
  },
  optional,
);

const tasks: fc.Arbitrary<Task> = fc.record(
  {
    id: integers,
    uid: fc.uuid(),
    user: fc.constant('ann'),
    name: words,
    version: integers,
    generation: integers,
    displayName: words,
    labels: maps,
    annotations: maps,
    spec: specs,
    desired: fc.constantFrom('STARTED', 'STOPPED'),
    createdAt: times,
    updatedAt: times,
  },
  optional,
);

const executionParts = {
  id: integers,
  uid: fc.uuid(),
  taskId: fc.constant(7),
  number: integers,
  state: states,
  reason: words,
  message: words,
  stateAt: times,
  epoch: integers,
  generation: integers,
  spec: specs,
  actor: words,
  createdAt: times,
  lastError: words,
  restartCount: integers,
  restartsInRow: integers,
  progress: fc.record(
    {
      counters: fc.record(
        {
          recordsIn: integers,
          recordsOut: integers,
          recordsDeadLettered: integers,
          recordsSkipped: integers,
        },
        optional,
      ),
      partitions: fc.array(
        fc.record(
          { partition: integers, offset: integers, endOffset: integers, lag: integers },
          optional,
        ),
        { maxLength: 3 },
      ),
      percentComplete: fc.double({ min: 0, max: 100, noNaN: true }).map((share) => share + 0),
    },
    optional,
  ),
};
const executions: fc.Arbitrary<Execution> = fc.record(
  {
    ...executionParts,
    startedAt: times,
    endedAt: times,
    nextRestartAt: times,
    termination: fc.oneof(
      fc.record({ reason: words, message: words, signal: words, at: times }, optional),
      fc.record(
        { reason: words, message: words, exitCode: fc.nat(255), signal: words, at: times },
        optional,
      ),
    ),
    continues: integers,
  },
  { requiredKeys: Object.keys(executionParts) as (keyof typeof executionParts)[], ...optional },
);

const eventParts = {
  taskId: fc.constant(7),
  at: times,
  actor: words,
  reason: words,
  message: words,
  severity: fc.constantFrom('INFO' as const, 'WARNING' as const, 'ERROR' as const),
  epoch: integers,
};
const events: fc.Arbitrary<EventDraft> = fc.record(
  { ...eventParts, executionNumber: integers, fromState: states, toState: states },
  { requiredKeys: Object.keys(eventParts) as (keyof typeof eventParts)[], ...optional },
);

const tensors = fc.array(
  fc.record(
    { name: words, type: words, shape: fc.array(fc.integer(), { maxLength: 3 }) },
    optional,
  ),
  { maxLength: 3 },
);
const models: fc.Arbitrary<Model> = fc.record(
  {
    id: integers,
    uid: fc.uuid(),
    user: fc.constant('ann'),
    name: words,
    sha256: words,
    sizeBytes: integers,
    inputs: tensors,
    outputs: tensors,
    createdAt: times,
  },
  optional,
);

const answers: fc.Arbitrary<RequestAnswer> = fc.record(
  {
    caller: words,
    requestId: words,
    method: words,
    fingerprint: words,
    resourceId: integers,
    at: times,
  },
  optional,
);

test('a user reads back as it was written', async (t) => {
  const { store } = await temporaryStore(t);
  const property = fc.asyncProperty(users, async (user) => {
    await store.write((writes) => writes.insertUser(user));
    assert.deepEqual(await store.userByName(user.name), user);
    assert.deepEqual(await store.userByTokenHash(user.tokenHash), user);
    await store.write((writes) => writes.deleteUser(user.name));
    assert.equal(await store.userByName(user.name), undefined);
  });
  await fc.assert(property, runs);
});

test('what was answered to a deleted user is not known to the next one of the name', async (t) => {
  const { store } = await temporaryStore(t);
  const asked = { caller: 'ann', requestId: 'r', method: 'm', fingerprint: 'f' };
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.rememberAnswer({ ...asked, resourceId: 7, at: 1 });
    await writes.rememberAnswer({ ...asked, caller: 'bob', resourceId: 8, at: 1 });
    await writes.deleteUser('ann');
  });
  assert.equal(await store.answerOf('ann', 'r'), undefined);
  assert.equal((await store.answerOf('bob', 'r'))?.resourceId, 8);
});

test('a task reads back as it was written and as it was changed', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write((writes) => writes.insertUser(sampleUser()));
  const property = fc.asyncProperty(tasks, tasks, async (task, other) => {
    const { id, uid, user, name, createdAt } = task;
    const changed = { ...other, id, uid, user, name, createdAt };
    await store.write((writes) => writes.insertTask(task));
    assert.deepEqual(await store.taskById(id), task);
    await store.write((writes) => writes.updateTask(changed));
    assert.deepEqual(await store.taskByName('ann', name), changed);
    assert.deepEqual(await store.taskByUid(uid), changed);
    await store.write((writes) => writes.deleteTask(id));
    assert.equal(await store.taskById(id), undefined);
    await store.write((writes) => writes.trimEvents(0, 0));
  });
  await fc.assert(property, runs);
});

test('an execution reads back as it was written and as it was changed', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(7));
  });
  const property = fc.asyncProperty(executions, executions, async (execution, other) => {
    const { id, uid, number, createdAt } = execution;
    const epoch = Math.max(execution.epoch, other.epoch);
    // A spec is written once: another one has another generation.
    const spec = other.generation === execution.generation ? execution.spec : other.spec;
    const changed = { ...other, id, uid, number, createdAt, epoch, spec };
    await store.write(async (writes) => {
      for (const old of await writes.listExecutions(7, { limit: 10 })) {
        await writes.deleteTask(old.taskId);
        await writes.trimEvents(0, 0);
        await writes.insertTask(sampleTask(7));
      }
      await writes.insertExecution(execution);
    });
    assert.deepEqual(await store.executionById(id), execution);
    await store.write((writes) => writes.updateExecution(changed));
    assert.deepEqual(await store.executionByUid(uid), changed);
    assert.deepEqual(await store.executionByNumber(7, number), changed);
    assert.deepEqual(await store.newestExecution(7), changed);
    assert.deepEqual(await store.taskWithNewest('ann', 'task-7'), {
      task: sampleTask(7),
      newest: changed,
    });
  });
  await fc.assert(property, runs);
});

test('an event reads back as it was answered', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(7, 'seven'));
  });
  let number = 0;
  const property = fc.asyncProperty(events, async (draft) => {
    const event = await store.write((writes) => writes.appendEvent(draft));
    number += 1;
    const { sequence } = event;
    const added = { sequence, number, task: 'users/ann/tasks/seven', user: 'ann' };
    assert.deepEqual(event, { ...draft, ...added });
    assert.deepEqual(await store.listEvents(7, { after: sequence - 1, limit: 9 }), [event]);
  });
  await fc.assert(property, runs);
});

test('a model reads back as it was written', async (t) => {
  const { store } = await temporaryStore(t);
  await store.write((writes) => writes.insertUser(sampleUser()));
  const property = fc.asyncProperty(models, async (model) => {
    await store.write((writes) => writes.insertModel(model));
    assert.deepEqual(await store.modelByName('ann', model.name), model);
    assert.deepEqual(await store.modelBySha256(model.sha256), model);
    await store.write((writes) => writes.deleteModel(model.id));
    assert.equal(await store.countModels('ann'), 0);
  });
  await fc.assert(property, runs);
});

test('a remembered answer reads back until it is forgotten', async (t) => {
  const { store } = await temporaryStore(t);
  const property = fc.asyncProperty(answers, async (answer) => {
    await store.write((writes) => writes.rememberAnswer(answer));
    assert.deepEqual(await store.answerOf(answer.caller, answer.requestId), answer);
    await store.write((writes) => writes.forgetAnswers(answer.at));
    assert.deepEqual(await store.answerOf(answer.caller, answer.requestId), answer);
    await store.write((writes) => writes.forgetAnswers(answer.at + 1));
    assert.equal(await store.answerOf(answer.caller, answer.requestId), undefined);
  });
  await fc.assert(property, runs);
});
