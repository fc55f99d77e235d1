import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkModel } from '../../src/predict/model-check.js';
import { loadScorer } from '../../src/predict/predict-rows.js';
import { recordOf } from './oip/open-scorer.js';
import { field, int, text } from './onnx-bytes.js';

const floatType = 1;
const halfType = 10;

/** Says for each row of `x`, whose inner dimensions are as given and -1 where open, what `nodes` make `y` of. */
function modelOf(
  dims: readonly number[],
  nodes: readonly Buffer[],
  { weights = [], type = floatType }: { weights?: readonly Buffer[]; type?: number } = {},
) {
  const graph = [
    ...nodes.map((bytes) => field(1, bytes)),
    text(2, 'open'),
    ...weights.map((bytes) => field(5, bytes)),
    field(11, tensor('x', dims, floatType)),
    field(12, tensor('y', [-1], type)),
  ];
  return Buffer.concat([int(1, 8), field(8, int(2, 13)), field(7, Buffer.concat(graph))]);
}

function tensor(name: string, dims: readonly number[], of: number): Buffer {
  const sizes = [-1, ...dims].map((size, index) =>
    field(1, size < 0 ? text(2, `d${index}`) : int(1, size)),
  );
  const type = Buffer.concat([int(1, of), field(2, Buffer.concat(sizes))]);
  return Buffer.concat([text(1, name), field(2, field(1, type))]);
}

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
  ]);
}

/** Four weights of 1: `x` of four columns times them is the sum of a row. */
function fourOnes(): Buffer {
  const ones = Buffer.from(new Float32Array([1, 1, 1, 1]).buffer);
  return Buffer.concat([int(1, 4), int(1, 1), int(2, floatType), text(8, 'w'), field(9, ones)]);
}

const summing = () => modelOf([-1], [node('MatMul', ['x', 'w'], 'y')], { weights: [fourOnes()] });
const echoing = (...dims: number[]) => modelOf(dims, [node('Identity', ['x'], 'y')]);
const halving = () => {
  const to = Buffer.concat([text(1, 'to'), int(3, halfType), int(20, 2)]);
  const cast = Buffer.concat([node('Cast', ['x'], 'y'), field(5, to)]);
  return modelOf([2], [cast], { type: halfType });
};

/** What becomes of records, in their order by outcome. */
async function scored(
  t: TestContext,
  { model, features = [] }: { model: Buffer; features?: readonly string[] },
  records: readonly object[],
) {
  const folder = await mkdtemp(join(tmpdir(), 'predictd-open-shapes-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'model.onnx');
  await writeFile(path, model);
  const signature = { path, ...(await checkModel(path, { loops: false })) };
  const onnx = { type: 'onnx', model: 'm', features, inputs: {}, missingAsNan: false } as const;
  const scorer = await loadScorer(signature, { predictor: onnx, sink: { fields: {} } });
  const predicted: string[] = [];
  const bad: string[] = [];
  await scorer.score(records.map(recordOf), {
    predicted: (_, { bytes, length }) => predicted.push(bytes.toString('utf8', 0, length)),
    bad: (_, { reason }) => bad.push(reason),
  });
  await scorer.release();
  return { predicted, bad };
}

test('a model that leaves the number of features open takes rows of any length, whatever came before', async (t) => {
  const records = [[1, 2], [3], [4], [5, 6, 7]].map((features) => ({ features }));
  assert.deepEqual(await scored(t, { model: echoing(-1) }, records), {
    predicted: ['{"y":[1,2]}', '{"y":3}', '{"y":4}', '{"y":[5,6,7]}'],
    bad: [],
  });
});

test('a row that does not fit such a model is bad alone', async (t) => {
  const records = [[1, 2], [1, 2, 3, 4], [2, 2, 2, 2], 'no', [3, 3, 3, 3]].map((features) => ({
    features,
  }));
  assert.deepEqual(await scored(t, { model: summing() }, records), {
    predicted: ['{"y":10}', '{"y":8}', '{"y":12}'],
    bad: ['WRONG_TYPE', 'MODEL_ERROR'],
  });
});

test('named fields say how many features such a model takes', async (t) => {
  const features = ['a', 'b', 'c', 'd'];
  const records = [{ a: 1, b: 2, c: 3, d: 4 }];
  assert.deepEqual(await scored(t, { model: summing(), features }, records), {
    predicted: ['{"y":10}'],
    bad: [],
  });
});

test('one open dimension among others takes what is left', async (t) => {
  const records = [{ features: [1, 2, 3, 4] }, { features: [1, 2, 3] }];
  for (const dims of [
    [-1, 2],
    [2, -1],
  ]) {
    assert.deepEqual(await scored(t, { model: echoing(...dims) }, records), {
      predicted: ['{"y":[[1,2],[3,4]]}'],
      bad: ['WRONG_LENGTH'],
    });
  }
});

test('numbers of half precision are written as what they are', async (t) => {
  const rows = [
    [0.5, 3],
    [-(2 ** -24), 65_504],
    [1e6, -1e6],
  ];
  const records = rows.map((features) => ({ features }));
  assert.deepEqual(await scored(t, { model: halving() }, records), {
    predicted: ['{"y":[0.5,3]}', '{"y":[-5.9604645e-8,65504]}', '{"y":[null,null]}'],
    bad: [],
  });
});
