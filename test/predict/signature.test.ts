import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TensorInfo } from '../../src/domain/model.js';
import { bindSignature } from '../../src/predict/signature.js';

const onnx = { type: 'onnx', model: 'm', features: [], inputs: {}, missingAsNan: false } as const;
const outputs: TensorInfo[] = [{ name: 'y', type: 'float32', shape: [-1] }];
const numbers = (name: string, ...shape: number[]): TensorInfo => ({
  name,
  type: 'float32',
  shape,
});

interface Choices {
  readonly inputs: readonly TensorInfo[];
  readonly predictor?: { features?: readonly string[]; inputs?: Readonly<Record<string, string>> };
  readonly fields?: Readonly<Record<string, string>>;
}

function bind({ inputs, predictor, fields }: Choices) {
  const spec = { predictor: { ...onnx, ...predictor }, sink: { fields: fields ?? {} } };
  return bindSignature({ inputs, outputs }, spec);
}

function faultsOf(choices: Choices): string[] {
  const bound = bind(choices);
  return 'faults' in bound ? bound.faults.map(({ field, reason }) => `${field} ${reason}`) : [];
}

describe('binding records to a model', () => {
  it('feeds one tensor of numbers from an array, or from named fields', () => {
    const inputs = [numbers('x', -1, 3)];
    for (const features of [[], ['a', 'b', 'c']]) {
      const bound = bind({ inputs, predictor: { features } });
      assert.ok('signature' in bound && bound.signature.inputs.kind === 'features');
      assert.equal(bound.signature.inputs.columns, 3);
    }
  });

  it('counts the cells of a tensor with more dimensions', () => {
    const bound = bind({ inputs: [numbers('image', -1, 1, 28, 28)] });
    assert.ok('signature' in bound && bound.signature.inputs.kind === 'features');
    assert.equal(bound.signature.inputs.columns, 784);
  });

  it('feeds inputs of one value each by their names, or as mapped', () => {
    const inputs = [numbers('a', -1, 1), { name: 'b', type: 'string', shape: [-1] }];
    const bound = bind({ inputs, predictor: { inputs: { b: 'colour' } } });
    assert.ok('signature' in bound && bound.signature.inputs.kind === 'named');
    const fields = bound.signature.inputs.inputs.map(
      ({ input, field }) => `${input.name}=${field}`,
    );
    assert.deepEqual(fields, ['a=a', 'b=colour']);
  });

  it('runs a model that takes exactly one row, row by row, and refuses one that takes five', () => {
    const bound = bind({ inputs: [numbers('x', 1, 3)] });
    assert.ok('signature' in bound && bound.signature.fixedRows === 1);
    assert.deepEqual(faultsOf({ inputs: [numbers('x', 5, 3)] }), [
      'spec.predictor.onnx.model MODEL_MISMATCH',
    ]);
  });

  for (const [what, choices, faults] of [
    [
      'another number of features',
      { inputs: [numbers('x', -1, 3)], predictor: { features: ['a'] } },
      ['spec.predictor.onnx.features WRONG_LENGTH'],
    ],
    [
      'a field that is named twice',
      { inputs: [numbers('x', -1, 2)], predictor: { features: ['a', 'a'] } },
      ['spec.predictor.onnx.features DUPLICATE'],
    ],
    [
      'an input that the model does not have',
      { inputs: [numbers('x', -1)], predictor: { inputs: { z: 'f' } } },
      ['spec.predictor.onnx.inputs UNKNOWN_INPUT'],
    ],
    [
      'an output that the model does not have',
      { inputs: [numbers('x', -1, 2)], fields: { label: 'z' } },
      ['spec.sink.fields.label UNKNOWN_OUTPUT'],
    ],
    [
      'two tensors with many columns',
      { inputs: [numbers('x', -1, 2), numbers('y', -1, 1)] },
      ['spec.predictor.onnx.model MODEL_MISMATCH'],
    ],
    [
      'two open dimensions',
      { inputs: [numbers('x', -1, -1, -1)] },
      ['spec.predictor.onnx.model MODEL_MISMATCH'],
    ],
  ] as const satisfies [string, Choices, string[]][]) {
    it(`names the fault: ${what}`, () => {
      assert.deepEqual(faultsOf(choices), faults);
    });
  }
});
