import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Faults } from '../../src/domain/faults.js';
import { topic } from '../../src/domain/validate-value.js';
import { fillVariables, unfilledFaults } from '../../src/domain/variables.js';
import { sampleTask } from './sample-task.js';

/** A variable as it is written in a spec. */
const variable = (name: string) => `\${${name}}`;

const { spec } = sampleTask();
const open = {
  ...spec,
  source: { ...spec.source, topic: `in-${variable('day')}`, consumerGroup: variable('group') },
  sink: {
    ...spec.sink,
    topic: `${variable('day')}.${variable('day')}`,
    fields: { a: variable('out') },
  },
  deadLetterTopic: `${variable('bad')}-x`,
};

test('variables are filled in everywhere they may stand, and unknown ones stay', () => {
  const values = new Map([
    ['day', '1'],
    ['group', 'g'],
    ['out', 'label'],
    ['unused', 'x'],
  ]);
  const filled = fillVariables(open, values);
  assert.equal(filled.source.topic, 'in-1');
  assert.equal(filled.source.consumerGroup, 'g');
  assert.equal(filled.sink.topic, '1.1');
  assert.deepEqual(filled.sink.fields, { a: 'label' });
  assert.equal(filled.deadLetterTopic, open.deadLetterTopic);
  const faults = unfilledFaults(filled, 'spec');
  assert.deepEqual(
    faults.map(({ field, reason }) => [field, reason]),
    [['spec.dead_letter_topic', 'VARIABLE_MISSING']],
  );
  assert.deepEqual(unfilledFaults(spec, 'spec'), []);
});

test('a value is not looked through for variables again', () => {
  const filled = fillVariables(
    open,
    new Map([
      ['day', variable('group')],
      ['group', 'g'],
    ]),
  );
  assert.equal(filled.source.topic, `in-${variable('group')}`);
});

test('addresses, credentials, settings and the model take no variables', () => {
  const fixed = {
    ...spec,
    source: {
      ...spec.source,
      bootstrapServers: [variable('day')],
      schemaRegistryUrl: variable('day'),
      sasl: { mechanism: 'PLAIN', username: variable('day'), password: variable('day') },
      options: { a: variable('day') },
    },
    predictor: { ...spec.predictor, model: variable('day') },
  } as const;
  assert.deepEqual(fillVariables(fixed, new Map([['day', '1']])), fixed);
});

test('a topic may have variables in it, and nothing else that is no topic', () => {
  const faultsOf = (name: string) => {
    const faults = new Faults();
    topic(name, { faults, path: 'topic' });
    return faults.list.length;
  };
  assert.equal(faultsOf(variable('day')), 0);
  assert.equal(faultsOf(`a-${variable('b.c_d-1')}.e`), 0);
  for (const wrong of [
    variable(''),
    variable('1a'),
    '$a',
    '{a}',
    `${variable('a')}/`,
    variable('ä'),
  ]) {
    assert.equal(faultsOf(wrong), 1, wrong);
  }
});
