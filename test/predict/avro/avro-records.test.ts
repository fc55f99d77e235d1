import assert from 'node:assert/strict';
import { test } from 'node:test';
import avro, { type Schema } from 'avsc';
import { createEgressPolicy } from '../../../src/domain/egress.js';
import { createSocketFactory } from '../../../src/kafka/egress.js';
import type { SourceRecord } from '../../../src/kafka/source-record.js';
import { AvroRecords } from '../../../src/predict/avro/avro-records.js';
import {
  type RegistryAccess,
  RegistryDeniedError,
  RegistryError,
  SchemaRefusedError,
  schemaRegistry,
} from '../../../src/predict/avro/schema-registry.js';
import { framed, type RegistryServer, startRegistry } from './registry-server.js';

const point: Schema = {
  type: 'record',
  name: 'Point',
  fields: [
    { name: 'x', type: 'double' },
    { name: 'label', type: ['null', 'string'] },
  ],
};

function recordOf(value: Buffer | undefined): SourceRecord {
  // The value lies in the middle of others' bytes, as in a fetched batch.
  const bytes = Buffer.concat([Buffer.from('before'), value ?? Buffer.alloc(0), Buffer.from('x')]);
  const facts = { keyStart: 0, keyLength: -1, headersStart: 0, headersEnd: 0, timestampMs: 0 };
  return { bytes, valueStart: 6, valueLength: value?.length ?? -1, ...facts };
}

function registryOf(
  server: RegistryServer,
  allowed = server.address,
  access: Partial<RegistryAccess> = {},
) {
  const policy = createEgressPolicy([], [allowed]);
  return schemaRegistry({ schemaRegistryUrl: server.url, ...access }, createSocketFactory(policy));
}

test('records are read by the schemas that they name, each fetched once', async (t) => {
  const server = await startRegistry(t);
  const first = server.add(point);
  const second = server.add({
    type: 'record',
    name: 'Other',
    fields: [{ name: 'y', type: 'int' }],
  });
  const records = new AvroRecords(registryOf(server));
  const pointType = avro.Type.forSchema(point);
  const values = [
    framed(first, pointType.toBuffer({ x: 1.5, label: null })),
    framed(second, Buffer.from([0x0e])),
    framed(first, pointType.toBuffer({ x: -2, label: 'left' })),
  ].map(recordOf);
  await records.prepare(values);
  await records.prepare(values);
  const parsed = values.map((value) => records.parse(value));
  assert.deepEqual(
    parsed.map((each) => ('fields' in each ? { ...each.fields } : each)),
    [{ x: 1.5, label: null }, { y: 7 }, { x: -2, label: 'left' }],
  );
  assert.deepEqual(server.requests, [`GET /schemas/ids/${first}`, `GET /schemas/ids/${second}`]);
});

test('what is no framed record of a known schema is bad, and costs no second call', async (t) => {
  const server = await startRegistry(t);
  const id = server.add(point);
  const unusable = [
    server.add('{"type":"nonsense"}'),
    server.add('"int"'),
    server.add('not json'),
    server.add({ type: 'record', name: 'N', fields: [{ name: 'n', type: ['null', 'N'] }] }),
  ];
  const records = new AvroRecords(registryOf(server));
  const whole = avro.Type.forSchema(point).toBuffer({ x: 1, label: null });
  const cases = [
    [undefined, 'TOMBSTONE'],
    [Buffer.alloc(0), 'EMPTY'],
    [Buffer.from('{"x":1}'), 'NOT_FRAMED'],
    [Buffer.from([0, 0, 0]), 'NOT_FRAMED'],
    [framed(99, whole), 'SCHEMA_UNKNOWN'],
    [framed(-1, whole), 'SCHEMA_UNKNOWN'],
    ...unusable.map((each) => [framed(each, whole), 'SCHEMA_UNKNOWN'] as const),
    [framed(id, whole.subarray(0, 5)), 'INVALID_AVRO'],
    [framed(id, Buffer.concat([whole, Buffer.from([0])])), 'INVALID_AVRO'],
    [framed(id, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0x08])), 'INVALID_AVRO'],
  ] as const;
  const values = cases.map(([value]) => recordOf(value));
  await records.prepare(values);
  const calls = server.requests.length;
  for (const [index, [, reason]] of cases.entries()) {
    const parsed = records.parse(values[index] ?? recordOf(undefined));
    assert.equal('bad' in parsed ? parsed.bad.reason : 'good', reason);
  }
  await records.prepare(values);
  assert.equal(server.requests.length, calls);
});

test('an id that was unknown is asked for again after a minute', async (t) => {
  const server = await startRegistry(t);
  let now = 1_000_000;
  const records = new AvroRecords(registryOf(server), { now: () => now });
  const value = recordOf(framed(1, avro.Type.forSchema(point).toBuffer({ x: 1, label: null })));
  await records.prepare([value]);
  server.add(point);
  await records.prepare([value]);
  assert.ok('bad' in records.parse(value));
  now += 60_001;
  await records.prepare([value]);
  assert.ok('fields' in records.parse(value));
});

test('a stream of unknown ids does not become a stream of calls', async (t) => {
  const server = await startRegistry(t);
  const records = new AvroRecords(registryOf(server), { now: () => 0 });
  const values = Array.from({ length: 1_000 }, (_, id) => recordOf(framed(id, Buffer.from([0]))));
  await records.prepare(values);
  assert.equal(server.requests.length, 120);
  for (const value of values) assert.ok('bad' in records.parse(value));
});

test('a registry outside of the allowed addresses is never called', async (t) => {
  const server = await startRegistry(t);
  const registry = registryOf(server, '127.0.0.1:1');
  await assert.rejects(registry.schema(1), { code: 'EGRESS_DENIED' });
  assert.deepEqual(server.requests, []);
});

test('a registry that fails, redirects or answers too much is told apart from an unknown schema', async (t) => {
  const server = await startRegistry(t);
  const registry = registryOf(server);
  await assert.rejects(registry.schema(7), SchemaRefusedError);
  assert.equal(server.requests.length, 1);
  server.intercept((_req, res) => {
    res.writeHead(503).end();
    return true;
  });
  await assert.rejects(registry.schema(7), RegistryError);
  assert.equal(server.requests.length, 4, 'it is tried three times');
  server.intercept((_req, res) => {
    res.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    return true;
  });
  await assert.rejects(registry.schema(7), SchemaRefusedError);
  server.intercept((_req, res) => {
    res.writeHead(200).end('x'.repeat(2 * 1024 * 1024));
    return true;
  });
  await assert.rejects(registry.schema(7), /longer than/);
  server.intercept((_req, res) => {
    res.writeHead(200).end(JSON.stringify({ schema: '"int"', schemaType: 'PROTOBUF' }));
    return true;
  });
  await assert.rejects(registry.schema(7), /no Avro schema/);
});

test('a registry that wants credentials gets them, and its refusal is no unknown schema', async (t) => {
  const server = await startRegistry(t);
  const id = server.add(point);
  const wanted = `Basic ${Buffer.from('reader:s3cret').toString('base64')}`;
  server.intercept((req, res) => {
    if (req.headers.authorization === wanted) return false;
    res.writeHead(401).end();
    return true;
  });
  const auth = { username: 'reader', password: 's3cret' };
  const registry = registryOf(server, server.address, { schemaRegistryAuth: auth });
  assert.match(await registry.schema(id), /Point/);
  await assert.rejects(registryOf(server).schema(id), RegistryDeniedError);
});

test('only schemas that are allowed are looked up', async (t) => {
  const server = await startRegistry(t);
  const ids = [server.add(point), server.add({ ...point, name: 'Other' })];
  const records = new AvroRecords(registryOf(server), { ids: ids.slice(0, 1) });
  const bytes = avro.Type.forSchema(point).toBuffer({ x: 1, label: null });
  const values = ids.map((id) => recordOf(framed(id, bytes)));
  await records.prepare(values);
  const outcomes = values.map((value) => records.parse(value));
  assert.deepEqual(
    outcomes.map((outcome) => ('bad' in outcome ? outcome.bad.reason : 'good')),
    ['good', 'SCHEMA_NOT_ALLOWED'],
  );
  assert.deepEqual(server.requests, [`GET /schemas/ids/${ids[0]}`]);
});

test('a union of several numbers is the number, whichever branch it is of', async (t) => {
  const server = await startRegistry(t);
  const schema: Schema = {
    type: 'record',
    name: 'Measured',
    fields: [
      { name: 'x', type: ['null', 'int', 'double'] },
      { name: 'y', type: ['long', 'float', 'string'] },
      { name: 'z', type: ['null', 'double'] },
    ],
  };
  const id = server.add(schema);
  const records = new AvroRecords(registryOf(server));
  const type = avro.Type.forSchema(schema, { wrapUnions: 'auto' });
  const values = [
    { x: { int: 3 }, y: { float: 0.5 }, z: 1 },
    { x: null, y: { long: 7 }, z: null },
    { x: { double: 2.5 }, y: { string: 'seven' }, z: 4 },
  ].map((value) => recordOf(framed(id, type.toBuffer(value))));
  await records.prepare(values);
  assert.deepEqual(
    values.map((value) => {
      const parsed = records.parse(value);
      return 'fields' in parsed ? { ...parsed.fields } : parsed.bad.message;
    }),
    [
      { x: 3, y: 0.5, z: 1 },
      { x: null, y: 7, z: null },
      { x: 2.5, y: 'seven', z: 4 },
    ],
  );
});
