import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpecDraft } from '../../src/domain/draft.js';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { modelFaults } from '../../src/domain/fit-model.js';
import type { Model, TensorInfo } from '../../src/domain/model.js';
import { validateSpec } from '../../src/domain/validate-spec.js';

const context = {
  path: 'spec',
  user: 'c1',
  brokers: ['127.0.0.1:9092'],
  egress: createEgressPolicy([], ['server:8080']),
};
const raw = {
  source: { topic: 'in', format: 'FLOAT32' },
  sink: { topic: 'out', format: 'FLOAT32' },
  predictor: { onnx: { model: 'm' } },
};

function specOf(draft: SpecDraft) {
  const { spec, faults } = validateSpec(draft, context);
  return { spec, faults: faults.map(({ field, reason }) => `${field} ${reason}`) };
}

function tensor(name: string, type: string, ...shape: number[]): TensorInfo {
  return { name, type, shape };
}

const scores = tensor('scores', 'float32', -1, 3);
const label = tensor('label', 'int64', -1);

interface Shape {
  readonly inputs?: readonly TensorInfo[];
  readonly outputs?: readonly TensorInfo[];
  readonly fields?: Readonly<Record<string, string>>;
}

function faultsOf({
  inputs = [tensor('x', 'float32', -1, 4)],
  outputs = [scores],
  fields = {},
}: Shape): readonly string[] {
  const { spec } = specOf({ ...raw, sink: { ...raw.sink, fields } });
  const model: Model = {
    ...{ id: 1, uid: '', user: 'c1', name: 'm', sha256: '', sizeBytes: 1, createdAt: 0 },
    inputs,
    outputs,
  };
  if (spec.predictor.type !== 'onnx') return ['no model'];
  const use = { predictor: spec.predictor, task: spec };
  const paths = { predictor: 'spec.predictor.onnx', task: 'spec' };
  return modelFaults(use, model, paths).map(({ field, reason }) => `${field} ${reason}`);
}

test('raw records and predictions need no schema registry and no names', () => {
  assert.deepEqual(specOf(raw).faults, []);
  const named = { ...raw, predictor: { onnx: { model: 'm', features: ['a'] } } };
  assert.deepEqual(specOf(named).faults, ['spec.predictor.onnx.features NOT_APPLICABLE']);
  const mapped = { ...raw, predictor: { onnx: { model: 'm', inputs: { x: 'a' } } } };
  assert.deepEqual(specOf(mapped).faults, ['spec.predictor.onnx.inputs NOT_APPLICABLE']);
});

test('a predictor of named fields takes and gives no raw numbers', () => {
  const url = 'http://server:8080';
  const secretKey = 'AAECAwQFBgcICQoLDA0ODw==';
  const symetry = { url, user: 'c1', secretKey, project: 'p', model: 'm' };
  assert.deepEqual(specOf({ ...raw, predictor: { symetry } }).faults, [
    'spec.source.format NOT_APPLICABLE',
    'spec.sink.format NOT_APPLICABLE',
  ]);
});

test('raw records feed one input of float32 whose rows have one length', () => {
  const source = ['spec.source.format MODEL_MISMATCH'];
  assert.deepEqual(faultsOf({}), []);
  assert.deepEqual(faultsOf({ inputs: [tensor('image', 'float32', -1, 1, 28, 28)] }), []);
  assert.deepEqual(faultsOf({ inputs: [tensor('x', 'float32', -1)] }), []);
  assert.deepEqual(faultsOf({ inputs: [tensor('x', 'float32', -1, -1)] }), source);
  assert.deepEqual(faultsOf({ inputs: [tensor('x', 'float64', -1, 4)] }), source);
  assert.deepEqual(faultsOf({ inputs: [tensor('x', 'string', -1, 1)] }), source);
  const two = [tensor('a', 'float32', -1), tensor('b', 'float32', -1)];
  assert.deepEqual(faultsOf({ inputs: two }), source);
});

test('raw predictions are of outputs that float32 holds exactly and whose rows can be told apart', () => {
  const sink = ['spec.sink.format MODEL_MISMATCH'];
  assert.deepEqual(faultsOf({ outputs: [label, scores] }), sink);
  assert.deepEqual(faultsOf({ outputs: [label, scores], fields: { s: 'scores' } }), []);
  assert.deepEqual(faultsOf({ outputs: [label, scores], fields: { s: 'scores[1]' } }), []);
  assert.deepEqual(faultsOf({ outputs: [tensor('name', 'string', -1)] }), sink);
  const open = tensor('open', 'float32', -1, -1);
  assert.deepEqual(faultsOf({ outputs: [open] }), []);
  assert.deepEqual(faultsOf({ outputs: [open, scores] }), sink);
  assert.deepEqual(
    faultsOf({ outputs: [open, scores], fields: { a: 'open[0]', b: 'scores' } }),
    [],
  );
});
