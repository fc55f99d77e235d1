import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { AvroMaps } from '../../src/predict/avro/avro-maps.js';
import { AvroWriter, predictionSchema } from '../../src/predict/avro/avro-writer.js';
import { Comparison, type OutputRow } from '../../src/predict/comparison.js';
import { checkModel } from '../../src/predict/model-check.js';
import { loadScorer } from '../../src/predict/predict-rows.js';
import { PredictorRefusedError } from '../../src/predict/remote/errors.js';
import { startPeer } from './oip/oip-peer.js';
import { openScorer, recordOf, rowsOf, score } from './oip/open-scorer.js';
import { echoModel } from './onnx-bytes.js';

/** Writes a model that answers its input as these outputs. */
async function modelFile(t: TestContext, ...outputs: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-odd-names-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'model.onnx');
  await writeFile(path, echoModel(...outputs));
  return path;
}

/** What a model says of one record, and the prediction as it is written. */
async function said(path: string): Promise<{ row: OutputRow; prediction: string }> {
  const model = { path, ...(await checkModel(path, { loops: false })) };
  const onnx = { type: 'onnx', model: 'm', features: [], inputs: {}, missingAsNan: false } as const;
  const scorer = await loadScorer(model, { predictor: onnx, sink: { fields: {} } });
  let row: OutputRow | undefined;
  let prediction = '';
  scorer.tap = (outputs) => {
    row = { outputs, index: 0, rows: 1 };
  };
  await scorer.score([recordOf({ features: [1, 2] })], {
    predicted: (_, { bytes, length }) => {
      prediction = bytes.toString('utf8', 0, length);
    },
    bad: (_, { message }) => assert.fail(message),
  });
  await scorer.release();
  assert.ok(row);
  return { row, prediction };
}

test('outputs that are named as the insides of an object are written and compared as any others', async (t) => {
  const odd = await said(await modelFile(t, 'constructor', 'toString', 'y'));
  assert.equal(odd.prediction, '{"constructor":[1,2],"toString":[1,2],"y":[1,2]}');
  const plain = await said(await modelFile(t, 'y'));
  const comparison = new Comparison();
  comparison.add(odd.row, odd.row);
  assert.equal(comparison.report().recordsDiffering, 0);
  comparison.add(odd.row, plain.row);
  comparison.add(plain.row, odd.row);
  const { outputs } = comparison.report();
  assert.deepEqual(
    outputs.map(({ output, recordsDiffering }) => [output, recordsDiffering]),
    [
      ['constructor', 2],
      ['toString', 2],
      ['y', 0],
    ],
  );
});

test('a model with an output that cannot be answered is refused at once', async (t) => {
  const path = await modelFile(t, 'y', '__proto__');
  await assert.rejects(checkModel(path, { loops: false }), /named __proto__.*rename it/);
});

test('an output that a server does not answer is missed, whatever its name', async (t) => {
  for (const name of ['constructor', '__proto__']) {
    const peer = await startPeer(t, { metadata: { name: 'sums', inputs: [], outputs: [] } });
    const sink = { topic: 'out', format: 'JSON', fields: { out: name } } as const;
    const { scorer } = await openScorer(peer, { spec: { sink } });
    await assert.rejects(score(scorer, rowsOf(1)), PredictorRefusedError);
    await scorer.release();
  }
});

test('outputs of a server may have any name', async (t) => {
  const outputs = ['constructor', '__proto__'].map((name) => ({
    ...{ name, datatype: 'FP32', shape: [1], data: [7] },
  }));
  const peer = await startPeer(t, {
    metadata: { name: 'sums', inputs: [], outputs: [] },
    infer: () => [200, { outputs }],
  });
  const { scorer } = await openScorer(peer);
  assert.deepEqual(await score(scorer, rowsOf(1)), ['{"constructor":7,"__proto__":7}']);
  await scorer.release();
});

test('predictions in Avro have fields of any name', async () => {
  const names = ['__proto__', 'constructor'];
  const bindings = names.map((name) => ({ member: name, output: name }));
  const infos = names.map((name) => ({ name, type: 'float32', shape: [-1] }));
  const writer = new AvroWriter(bindings, predictionSchema(bindings, infos), 1);
  const tensor = new Tensor('float32', new Float32Array([1.5]), [1]);
  writer.open(new Map(names.map((name) => [name, tensor])), 1);
  writer.row(0);
  const value = Buffer.alloc(8);
  value.writeFloatLE(1.5, 0);
  value.writeFloatLE(1.5, 4);
  assert.deepEqual(writer.written.bytes.subarray(5), value);
});

test('maps in Avro may have keys of any name, and need not have the same', async () => {
  const maps = new AvroMaps({ schema: async () => '', register: async () => 1 }, 'out-value');
  const first = { constructor: 'c', 'a b': 'x' };
  const second = { a_b: 'y', ...JSON.parse('{"__proto__": "p"}') };
  await maps.prepare([first, second]);
  const texts = (map: Readonly<Record<string, string>>) =>
    maps.write(map).bytes.subarray(5).toString('latin1');
  assert.equal(texts(first), '\x02c\x02x\x00');
  assert.equal(texts(second), '\x00\x02y\x02p');
});
