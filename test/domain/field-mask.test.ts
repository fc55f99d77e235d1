import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOfSpec, type TaskDraft } from '../../src/domain/draft.js';
import { createEgressPolicy } from '../../src/domain/egress.js';
import { applyMask } from '../../src/domain/field-mask.js';
import { validateSpec } from '../../src/domain/validate-spec.js';
import { sampleTask } from './sample-task.js';

const current: TaskDraft = {
  displayName: 'before',
  labels: { a: '1' },
  spec: {
    source: { topic: 'in', sasl: { username: 'u', password: 'p' } },
    sink: { topic: 'out' },
    batch: { maxRecords: 5, maxWaitMs: 7 },
  },
};

const cases: readonly (readonly [paths: string[], change: TaskDraft, after: TaskDraft])[] = [
  [[], { displayName: 'after' }, { ...current, displayName: 'after' }],
  [[], { labels: { b: '2' } }, { ...current, labels: { b: '2' } }],
  [
    [],
    { spec: { batch: { maxRecords: 6 } } },
    { ...current, spec: { ...current.spec, batch: { maxRecords: 6, maxWaitMs: 7 } } },
  ],
  [['display_name'], {}, { ...current, displayName: undefined }],
  [['display_name'], { displayName: 'x', labels: {} }, { ...current, displayName: 'x' }],
  [
    ['spec.batch'],
    { spec: { batch: { maxRecords: 6 } } },
    { ...current, spec: { ...current.spec, batch: { maxRecords: 6 } } },
  ],
  [
    ['spec.batch.max_wait', 'spec.source.sasl'],
    { spec: { batch: { maxWaitMs: 9, maxRecords: 1 } } },
    {
      ...current,
      spec: {
        ...current.spec,
        source: { topic: 'in', sasl: undefined },
        batch: { maxRecords: 5, maxWaitMs: 9 },
      },
    },
  ],
  [['spec.restart.max_restarts'], {}, current],
  [['spec.source.tls.ca'], {}, current],
  [['*'], { displayName: 'only' }, { displayName: 'only' }],
];

test('a mask changes what it names and nothing else', () => {
  for (const [paths, change, after] of cases) {
    const { draft, faults } = applyMask(current, change, paths);
    assert.deepEqual(faults, []);
    assert.deepEqual(draft, after, paths.join());
  }
});

test('paths that name nothing that can be changed are refused and change nothing', () => {
  const paths = ['name', 'status.state', 'spec.none', 'labels.a', 'spec.source.constructor', ''];
  const { draft, faults } = applyMask(current, { displayName: 'x' }, paths);
  assert.equal(draft, current);
  assert.deepEqual(
    faults.map(({ reason }) => reason),
    ['IMMUTABLE_FIELD', 'IMMUTABLE_FIELD', ...Array(4).fill('UNKNOWN_FIELD')],
  );
});

test('the draft of a spec validates to the same spec', () => {
  const { spec } = sampleTask();
  const rich = {
    ...spec,
    deadLetterTopic: 'elsewhere',
    source: {
      ...spec.source,
      bootstrapServers: ['10.0.0.1:9092', '[::1]:9092'],
      sasl: { mechanism: 'SCRAM_SHA_512' as const, username: 'u', password: 'p' },
      options: { 'session.timeout.ms': '6000' },
    },
  };
  const context = {
    path: 'spec',
    user: 'c1',
    brokers: ['b:1'],
    egress: createEgressPolicy([], ['10.0.0.0/8', '[::1]:9092']),
  };
  for (const one of [spec, rich]) {
    const { spec: again, faults } = validateSpec(draftOfSpec(one), context);
    assert.deepEqual(faults, []);
    assert.deepEqual(again, one);
  }
});
