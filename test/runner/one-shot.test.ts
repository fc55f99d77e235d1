import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Model } from '../../src/domain/model.js';
import { createModelRunner } from '../../src/runner/one-shot.js';
import { fixturePath } from '../support/fixtures.js';
import { kafkaForTests } from '../support/kafka.js';
import { type ModelFile, signatures, startMessage } from './forked-runner.js';
import { iris, irisMessages } from './records.js';

/** Enough for a fork and a load on a busy machine, too short for a model that never returns. */
const timeoutsMs = { check: 20_000, predict: 5_000, dryRun: 20_000 };

function runnerFor(file: ModelFile, options: { allowLoops?: boolean } = {}) {
  return createModelRunner({
    modelPath: () => fixturePath(file),
    brokers: [],
    allowEgress: [],
    timeoutsMs,
    ...options,
  });
}

function modelOf(file: ModelFile): Model {
  return {
    id: 1,
    uid: 'uid',
    user: 'test',
    name: 'model',
    sha256: '',
    sizeBytes: 0,
    createdAt: 0,
    ...signatures[file],
  };
}

const onnx = {
  type: 'onnx',
  model: 'model',
  features: [],
  inputs: {},
  missingAsNan: false,
} as const;

describe('a throw-away model process', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'predictd-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const file of ['iris.onnx', 'strings.onnx'] as const) {
    it(`reads the signature of ${file}`, async () => {
      assert.deepEqual(await runnerFor(file).check(fixturePath(file)), signatures[file]);
    });
  }

  it('refuses a model with a loop, and says so', async () => {
    await assert.rejects(runnerFor('loop.onnx').check(fixturePath('loop.onnx')), {
      code: 'MODEL_INVALID',
      message: /contains Loop/,
    });
  });

  it('takes a model with a loop when that is allowed, without running it', async () => {
    const checked = await runnerFor('loop.onnx', { allowLoops: true }).check(
      fixturePath('loop.onnx'),
    );
    assert.deepEqual(checked, signatures['loop.onnx']);
  });

  it('kills a model that never returns', async () => {
    const model = modelOf('loop.onnx');
    const rows = [{ features: [1, 2, 3, 4] }];
    await assert.rejects(runnerFor('loop.onnx').predict({ model, predictor: onnx, rows }), {
      code: 'PREDICTION_TIMEOUT',
    });
  });

  it('refuses what is no model', async () => {
    const path = join(folder, 'no-model');
    for (const bytes of [Buffer.from(''), Buffer.from('hello'), Buffer.alloc(1_000, 0xff)]) {
      await writeFile(path, bytes);
      await assert.rejects(runnerFor('iris.onnx').check(path), (error: Error) => {
        assert.equal('code' in error && error.code, 'MODEL_INVALID');
        assert.doesNotMatch(error.message, /Error/, 'no name of a class');
        return true;
      });
    }
  });

  it('predicts rows as Python does', async () => {
    const rows = iris.rows.slice(0, 20).map((features) => ({ features }));
    const model = modelOf('iris.onnx');
    const out = await runnerFor('iris.onnx').predict({ model, predictor: onnx, rows });
    const labels = out.map((prediction) => (prediction as { label: number }).label);
    assert.deepEqual(labels, iris.labels.slice(0, 20));
  });

  it('names each row that does not fit', async () => {
    const model = modelOf('strings.onnx');
    const rows = [{ colour: 'red', size: 1 }, { colour: 7, size: 1 }, { colour: 'red' }];
    await assert.rejects(runnerFor('strings.onnx').predict({ model, predictor: onnx, rows }), {
      code: 'INVALID_FIELD',
      violations: [
        { field: 'rows[1]', reason: 'WRONG_TYPE', description: 'colour is 7, not a text.' },
        { field: 'rows[2]', reason: 'FIELD_MISSING', description: 'size is missing or null.' },
      ],
    });
  });

  it('shows what a task would write, and writes nothing', async () => {
    const kafka = await kafkaForTests();
    const source = await kafka.createTopic({ partitions: 2 });
    await kafka.produceRecords(source, [...irisMessages(3), { key: 'bad', value: 'no json' }]);
    const { spec } = startMessage(kafka, { source, sink: `${source}-out` });
    const runner = createModelRunner({
      modelPath: () => fixturePath('iris.onnx'),
      brokers: kafka.brokers,
      allowEgress: [],
    });
    const { faults, records } = await runner.dryRun({
      spec,
      model: modelOf('iris.onnx'),
      records: 10,
    });
    assert.deepEqual(faults, []);
    assert.equal(records.filter(({ output }) => output !== undefined).length, 3);
    const [bad] = records.filter(({ error }) => error !== '');
    assert.match(bad?.error ?? '', /^INVALID_JSON: /);
    const admin = kafka.client().admin();
    await admin.connect();
    assert.equal((await admin.listTopics()).includes(`${source}-out`), false);
    await admin.disconnect();
  });

  it('connects to nobody who is not allowed', async () => {
    const kafka = await kafkaForTests();
    const { spec } = startMessage(kafka, { source: 'any', sink: 'any-out' });
    const own = { ...spec, source: { ...spec.source, bootstrapServers: kafka.brokers } };
    await assert.rejects(
      runnerFor('iris.onnx').dryRun({ spec: own, model: modelOf('iris.onnx'), records: 1 }),
      { code: 'EGRESS_DENIED' },
    );
  });
});
