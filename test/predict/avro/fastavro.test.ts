import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'onnxruntime-node';
import { AvroRecords } from '../../../src/predict/avro/avro-records.js';
import { AvroWriter, predictionSchema } from '../../../src/predict/avro/avro-writer.js';
import { rowCollector } from '../../../src/predict/record-reader.js';
import { recordOf } from '../oip/open-scorer.js';
import { fastavroReads, fastavroWrites } from './fastavro.js';
import { framed } from './registry-server.js';

/** A registry that knows one schema under every id. */
function registryOf(schema: unknown) {
  return { schema: async () => JSON.stringify(schema), register: async () => 7 };
}

const schema = {
  type: 'record',
  name: 'Measured',
  namespace: 'test',
  fields: [
    { name: 'x', type: ['null', 'double'], default: null },
    { name: 'y', type: 'float' },
    { name: 'count', type: ['long', 'null'] },
    { name: 'features', type: { type: 'array', items: 'float' } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'text', type: ['null', 'string', 'int'] },
    { name: 'tags', type: { type: 'map', values: 'string' } },
  ],
} as const;

const values = [
  { x: 1.5, y: -0.25, count: -(2 ** 40), features: [1, 2], kind: 'A', text: 'ä', tags: { a: 'b' } },
  { x: null, y: 3, count: null, features: [], kind: 'B', text: null, tags: {} },
  { x: -0.1, y: 1e30, count: 0, features: [0.5], kind: 'B', text: 12, tags: { '': '' } },
];

test('what fastavro writes is read as the same values', async () => {
  const records = new AvroRecords(registryOf(schema));
  const written = (await fastavroWrites(schema, values)).map((bytes) => recordOf(framed(7, bytes)));
  await records.prepare(written);
  for (const [index, record] of written.entries()) {
    const parsed = records.parse(record);
    assert.ok('fields' in parsed, JSON.stringify(parsed));
    const fields = JSON.parse(JSON.stringify(parsed.fields));
    const expected = values[index];
    assert.deepEqual(
      { ...fields, y: Math.fround(fields.y) },
      { ...expected, y: Math.fround(expected?.y ?? 0) },
    );
  }
});

test('fields of nullable unions feed a model by their names, and null is a missing number', async () => {
  const parser = new AvroRecords(registryOf(schema));
  const written = (await fastavroWrites(schema, values)).map((bytes) => recordOf(framed(7, bytes)));
  await parser.prepare(written);
  const input = { name: 'in', type: 'float32', shape: [-1, 2] };
  const inputs = { kind: 'features', input, columns: 2, fields: ['x', 'y'] } as const;
  const strict = rowCollector({ inputs, outputs: [] }, false, parser);
  strict.begin(3);
  assert.deepEqual(
    written.map((record) => strict.add(record)?.reason),
    [undefined, 'FIELD_MISSING', undefined],
  );
  const lenient = rowCollector({ inputs, outputs: [] }, true, parser);
  lenient.begin(3);
  for (const record of written) assert.equal(lenient.add(record), undefined);
  const [feed] = lenient.feeds(0, 3);
  const cells = [1.5, -0.25, Number.NaN, 3, Math.fround(-0.1), Math.fround(1e30)];
  assert.deepEqual([...(feed?.data ?? [])], cells);
});

test('predictions are framed as Confluent does, and fastavro reads them and writes the same bytes', async () => {
  const outputs = [
    { name: 'label', type: 'int64', shape: [-1] },
    { name: 'probabilities', type: 'float32', shape: [-1, 2] },
    { name: '1st name', type: 'string', shape: [-1, 1] },
  ];
  const bindings = outputs.map(({ name }) => ({ member: name, output: name }));
  const text = predictionSchema(bindings, outputs);
  const writer = new AvroWriter(bindings, text, 0x01020304);
  const tensors = new Map<string, Tensor>([
    ['label', new Tensor('int64', new BigInt64Array([1n, -5n]), [2])],
    ['probabilities', new Tensor('float32', new Float32Array([0.1, 0.9, 0.5, 0.25]), [2, 2])],
    ['1st name', new Tensor('string', ['ä', ''], [2, 1])],
  ]);
  writer.open(tensors, 2);
  const rows = [0, 1].map((row) => {
    writer.row(row);
    const { bytes, length } = writer.written;
    return Buffer.from(bytes.subarray(0, length));
  });
  for (const row of rows) assert.deepEqual([...row.subarray(0, 5)], [0, 1, 2, 3, 4]);
  const bodies = rows.map((row) => row.subarray(5));
  const read = await fastavroReads(JSON.parse(text), bodies);
  const f = Math.fround;
  assert.deepEqual(read, [
    { label: 1, probabilities: [f(0.1), f(0.9)], _1st_name: 'ä' },
    { label: -5, probabilities: [0.5, 0.25], _1st_name: '' },
  ]);
  assert.deepEqual(await fastavroWrites(JSON.parse(text), read), bodies);
});
