import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fixturePath } from '../../support/fixtures.js';
import { type SymetryAnswer, send } from './client.js';
import { type SymetryServer, startSymetry } from './symetry-server.js';

const irisNames = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

function predict(
  server: SymetryServer,
  model: string,
  frame: unknown,
  query = '',
): Promise<SymetryAnswer> {
  const target = `/symetry/rest/c1/projects/p1/predict/${model}${query}`;
  return send(server, { verb: 'POST', target, body: JSON.stringify(frame) });
}

function mapsOf({ values, text }: SymetryAnswer): Record<string, string>[] {
  const { KSVSMap: table } = values;
  assert.ok(typeof table === 'object' && table !== null && 'values' in table, text);
  assert.ok(Array.isArray(table.values));
  return table.values;
}

interface IrisCase {
  readonly features: readonly number[];
  readonly label: number;
  readonly probabilities: readonly number[];
}

async function irisCases(): Promise<readonly IrisCase[]> {
  const { rows, labels, probabilities } = JSON.parse(
    await readFile(fixturePath('iris.json'), 'utf8'),
  );
  return rows.map((features: readonly number[], index: number) => ({
    features,
    label: labels[index],
    probabilities: probabilities[index],
  }));
}

test('S5.1: a data frame is answered with res and one key per class for each row', async (t) => {
  const server = await startSymetry(t);
  const cases = (await irisCases()).slice(0, 100);
  const answer = await predict(server, 'iris', {
    attributeNames: irisNames,
    attributeTypes: ['C', 'C', 'C', 'C'],
    data: cases.map(({ features }) => features.map(String)),
    errorHandling: 1,
  });
  assert.equal(answer.status, 200, answer.text);
  const maps = mapsOf(answer);
  assert.equal(maps.length, cases.length);
  for (const [index, map] of maps.entries()) {
    const { label, probabilities } = cases[index] ?? { label: -1, probabilities: [] };
    assert.equal(map.res, String(label));
    assert.deepEqual(Object.keys(map).sort(), ['0', '1', '2', 'res']);
    for (const [place, probability] of probabilities.entries()) {
      assert.ok(Math.abs(Number(map[place]) - probability) < 1e-6);
    }
  }
});

test('a model with named inputs finds its columns in any order, beside those not used', async (t) => {
  const server = await startSymetry(t);
  await server.upload('named', 'iris-named.onnx');
  const [first] = await irisCases();
  const [a, b, c, d] = first?.features ?? [];
  const answer = await predict(server, 'named', {
    attributeNames: ['comment', ...[...irisNames].reverse()],
    attributeTypes: ['X', 'C', 'C', 'C', 'C'],
    data: [['hello', d, c, b, a]],
  });
  assert.equal(mapsOf(answer)[0]?.res, String(first?.label));
});

test('texts are a model’s texts, and a regression has res alone', async (t) => {
  const server = await startSymetry(t);
  await server.upload('strings', 'strings.onnx');
  const answer = await predict(server, 'strings', {
    attributeNames: ['size', 'colour'],
    attributeTypes: ['C', 'T'],
    data: [
      ['1.5', ' RED '],
      ['2', 'blue'],
    ],
  });
  assert.deepEqual(mapsOf(answer), [{ res: '13' }, { res: '34' }]);
});

test('an unknown model is 500 with the documented text', async (t) => {
  const server = await startSymetry(t);
  const frame = { attributeNames: ['a'], attributeTypes: ['C'], data: [['1']] };
  const { status, statusCode, statusString } = await predict(server, 'm3', frame);
  assert.deepEqual([status, statusCode], [500, 'INTERNAL_SERVER_ERROR']);
  assert.equal(statusString, 'Generic Exception <Error no such model <m3>>');
});

test('a data frame that does not fit is 400, and says where', async (t) => {
  const server = await startSymetry(t);
  const frame = { attributeNames: irisNames, attributeTypes: ['C', 'C', 'C', 'C'], data: [] };
  const frames: readonly [unknown, RegExp][] = [
    [null, /DataFrame/],
    [{}, /attributeNames is empty/],
    [{ ...frame, attributeTypes: ['C'] }, /attributeTypes/],
    [{ ...frame, attributeTypes: ['C', 'C', 'C', 'Q'] }, /attributeTypes/],
    [{ ...frame, attributeNames: ['a', 'a', 'b', 'c'] }, /twice/],
    [{ ...frame, data: {} }, /data is not an array/],
    [{ ...frame, data: [['1', '2', '3']] }, /data\[0\] has 3 cells/],
    [{ ...frame, data: [['1', '2', '3', 'x']] }, /data\[0\]\[3\] is not a number/],
    [{ ...frame, data: [['1', '2', '3', '']] }, /data\[0\]\[3\] is not a number/],
    [{ ...frame, data: [[1, 2, 3, { a: 1 }]] }, /data\[0\]/],
    [frame, /rows/],
    [{ ...frame, data: Array.from({ length: 1_001 }, () => [1, 2, 3, 4]) }, /rows/],
    [
      { attributeNames: ['a'], attributeTypes: ['C'], data: [['1']] },
      /features: There are 1, but the model's input .* 4 columns/,
    ],
  ];
  for (const [body, pattern] of frames) {
    const { status, statusCode, statusString } = await predict(server, 'iris', body);
    assert.deepEqual([status, statusCode], [400, 'BAD_REQUEST'], statusString);
    assert.match(statusString, pattern);
  }
  const gaps = await predict(server, 'iris', frame, '?impute=true');
  assert.match(gaps.statusString, /^impute: /);
});
