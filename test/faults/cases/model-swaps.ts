import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { State } from '../../../gen/ts/predictd/v1/state_pb.js';
import { ModelUpdateState, type TaskStatus } from '../../../gen/ts/predictd/v1/task_pb.js';
import type { ReadRecord } from '../../support/kafka.js';
import type { FaultCase, Figures, Lab } from '../lab.js';
import { addingModel } from '../onnx-model.js';
import { done, Stream, uploadBytes } from '../stream.js';

/** A load beside the active model takes about so long; the kill comes somewhere in it. */
const killWithinMs = 1_500;
const recordsEach = 200;

/** Fault 1 and 2, while models change. */
export function swapsKilled(victims: readonly ('runner' | 'service' | 'nothing')[]): FaultCase {
  return {
    fault: 2,
    name: `kill -9 while models are swapped (${victims.join(', ')})`,
    holds: 'every record is scored once, and each partition changes from model to model once',
    async run(lab: Lab): Promise<Figures> {
      const kafka = await lab.kafka();
      const stream = await Stream.open(lab, { kafka, spec: { parallelism: 2 }, partitions: 4 });
      const order = [(await stream.status()).modelSha256];
      stream.feed();
      const recoveryMs: number[] = [];
      for (const [index, victim] of victims.entries()) {
        await progress(stream, recordsEach);
        const sha256 = await swapTo(stream, `m${index}`, addingModel(index));
        order.push(sha256);
        const startedAt = performance.now();
        if (victim !== 'nothing') {
          await delay(lab.random() * killWithinMs);
          await kill(stream, victim);
        }
        await stream.until(`model ${index} scores`, (status) => scoresWith(status, sha256));
        recoveryMs.push(performance.now() - startedAt);
      }
      await progress(stream, recordsEach);
      const figures = await stream.account();
      assertOneChange(await kafka.readCommitted(stream.sink), order);
      const injected = victims.filter((victim) => victim !== 'nothing').length;
      return { injected, ...figures, recoveryMs };
    },
  };
}

/** Fault 33, in the middle of a stream. */
export const swapBlocked: FaultCase = {
  fault: 33,
  name: 'a swap to a model that cannot be loaded, and a rollback',
  holds: 'the old model goes on and UPDATE_BLOCKED says why; a good one swaps in, and back',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka });
    const { name } = stream;
    const { tasks } = stream.connection;
    const first = (await stream.status()).modelSha256;
    stream.feed();
    await uploadBytes(stream.connection, 'gone', addingModel(7));
    const gone = await stream.connection.models.getModel({ name: 'users/admin/models/gone' });
    await rm(join(stream.service.data, 'models', `${gone.sha256}.onnx`), { force: true });
    await tasks.swapModel({ name, model: 'gone' });
    const blocked = await stream.until('UPDATE_BLOCKED', ({ models }) => {
      return models?.update?.state === ModelUpdateState.BLOCKED;
    });
    assert.equal(
      blocked.models?.update?.reason,
      'MODEL_LOAD_FAILED',
      blocked.models?.update?.message,
    );
    const condition = blocked.conditions.find(({ type }) => type === 'ModelUpToDate');
    assert.equal(condition?.reason, 'UPDATE_BLOCKED');
    assert.equal(blocked.state, State.RUNNING);
    assert.equal(blocked.restartCount, 0);
    const { events } = await tasks.listEvents({ parent: name, pageSize: 1_000 });
    assert.ok(events.some(({ reason }) => reason === 'UPDATE_BLOCKED'));
    await progress(stream, recordsEach);
    const second = await swapTo(stream, 'good', addingModel(8));
    await stream.until('the good one scores', (status) => scoresWith(status, second));
    await progress(stream, recordsEach);
    await tasks.rollbackModel({ name });
    const back = await stream.until('the first one scores again', (status) =>
      scoresWith(status, first),
    );
    assert.equal(back.models?.previous?.sha256, second);
    assert.equal(back.restartCount, 0);
    await progress(stream, recordsEach);
    const figures = await stream.account();
    assertOneChange(await kafka.readCommitted(stream.sink), [first, second, first]);
    return { injected: 1, ...figures };
  },
};

/** Two shadows: one that differs by a known number, and one that is promoted. */
export const shadowCompared: FaultCase = {
  fault: 33,
  name: 'a shadow beside the active model, and its promotion',
  holds: 'what differs is told and not written; the promoted one takes over between micro-batches',
  async run(lab: Lab): Promise<Figures> {
    const kafka = await lab.kafka();
    const stream = await Stream.open(lab, { kafka });
    const { name } = stream;
    const { tasks } = stream.connection;
    stream.feed();
    const first = await swapTo(stream, 'plus0', addingModel(0));
    await stream.until('plus0 scores', (status) => scoresWith(status, first));
    await uploadBytes(stream.connection, 'half', addingModel(0.5));
    await tasks.shadowModel({ name, model: 'half' });
    const other = await compared(stream, 'half');
    assert.equal(other.differingShare, 1);
    assert.ok(Math.abs(other.maxAbsoluteDifference - 0.5) < 1e-6);
    assert.deepEqual(
      other.outputs.map(({ output }) => output),
      ['sum'],
    );
    await uploadBytes(stream.connection, 'same', addingModel(1e-7));
    await tasks.shadowModel({ name, model: 'same' });
    const same = await compared(stream, 'same');
    assert.equal(same.recordsDiffering, 0n);
    assert.ok(same.meanLatency);
    await tasks.promoteShadow({ name });
    const promoted = same.model?.sha256 ?? '';
    const status = await stream.until('it scores', (now) => scoresWith(now, promoted));
    assert.equal(status.models?.shadow, undefined);
    assert.equal(status.restartCount, 0);
    await progress(stream, recordsEach);
    const figures = await stream.account();
    const records = await kafka.readCommitted(stream.sink);
    const begun = shasOf(records).values().next().value?.[0] ?? '';
    assertOneChange(records, [begun, first, promoted]);
    return { injected: 2, ...figures };
  },
};

async function swapTo(stream: Stream, model: string, bytes: Buffer): Promise<string> {
  await uploadBytes(stream.connection, model, bytes);
  await stream.connection.tasks.swapModel({ name: stream.name, model });
  return createHash('sha256').update(bytes).digest('hex');
}

function scoresWith({ state, models, modelSha256 }: TaskStatus, sha256: string): boolean {
  const isActive = models?.active?.sha256 === sha256 && models.update === undefined;
  return isActive && modelSha256 === sha256 && state === State.RUNNING;
}

async function kill(stream: Stream, victim: 'runner' | 'service'): Promise<void> {
  if (victim === 'service') {
    await stream.service.end('SIGKILL');
    await stream.serviceAgain();
    return;
  }
  const { processId } = await stream.status();
  if (processId > 0) process.kill(processId, 'SIGKILL');
}

/** Waits until so many more records are predicted. */
async function progress(stream: Stream, records: number): Promise<void> {
  const before = done(await stream.status());
  await stream.until(`${records} records more`, (status) => done(status) >= before + records);
}

async function compared(stream: Stream, model: string) {
  const { models } = await stream.until('a shadow has compared', ({ models: now }) => {
    const shadow = now?.shadow;
    const isIt = shadow?.model?.model.endsWith(`/${model}`) ?? false;
    return isIt && Number(shadow?.recordsCompared ?? 0n) >= recordsEach;
  });
  assert.ok(models?.shadow);
  return models.shadow;
}

function shasOf(records: readonly ReadRecord[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const { partition, headers } of records) {
    const shas = found.get(partition) ?? [];
    const sha256 = headers['predictd-model-sha256'] ?? '';
    if (shas.at(-1) !== sha256) shas.push(sha256);
    found.set(partition, shas);
  }
  return found;
}

/** In each partition the models follow one another in this order, and none comes again. */
function assertOneChange(records: readonly ReadRecord[], order: readonly string[]): void {
  for (const [partition, shas] of shasOf(records)) {
    const short = (list: readonly string[]) => list.map((sha256) => sha256.slice(0, 8)).join(' ');
    assert.equal(short(shas), short(order), `partition ${partition}`);
  }
}
