import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DomainError } from '../../src/domain/errors.js';
import {
  type FilterCondition,
  type FilterField,
  filterFields,
  filterText,
  matches,
  parseFilter,
} from '../../src/domain/filter.js';
import { sampleTask } from './sample-task.js';

const condition: fc.Arbitrary<FilterCondition> = fc
  .record({
    field: fc.constantFrom<FilterField>(...filterFields),
    operator: fc.constantFrom('=' as const, '!=' as const, ':' as const),
    text: fc.string({ unit: 'grapheme', maxLength: 20 }),
    state: fc.constantFrom('RUNNING', 'UNKNOWN', 'FAILED'),
    label: fc.stringMatching(/^[a-z0-9][a-z0-9_./-]{0,9}$/),
  })
  .map(({ field, operator, text, state, label }) => ({
    field,
    key: field === 'labels' ? label : '',
    operator,
    value: field === 'state' ? state : text,
  }));

test('every filter that can be said is read as it was meant', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 5 }), (filter) => {
      assert.deepEqual(parseFilter(filterText(filter)), filter);
    }),
  );
});

test('any other text is refused with a column within it, and never breaks the parser', () => {
  const pieces = fc.constantFrom(
    'state',
    'name',
    '=',
    '!=',
    ':',
    '!',
    'AND',
    '"',
    '\\',
    ' ',
    'x',
    'labels.',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        parseFilter(text);
      } catch (error) {
        assert.ok(error instanceof DomainError);
        const [, column] = /^filter: At column (\d+), /.exec(error.message) ?? [];
        assert.ok(Number(column) >= 1 && Number(column) <= text.length + 1, error.message);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a task is wanted if all conditions hold', () => {
  const task = sampleTask({ labels: { team: 'risk' }, displayName: 'Iris "live"' });
  const cases: Record<string, boolean> = {
    '': true,
    'state = RUNNING': true,
    'state = STATE_RUNNING': true,
    'state : RUNNING AND state != FAILED': true,
    'labels.team = risk AND sink_topic : out': true,
    'labels.team=risk AND sink_topic:none': false,
    'labels.absent = ""': true,
    'labels.toString != ""': false,
    'display_name = "Iris \\"live\\""': true,
    'name = t': true,
    'name = users/c1/tasks/t': true,
    'name : users/c1/': true,
    'name = T': false,
    'model = iris AND source_topic != in': false,
  };
  for (const [filter, wanted] of Object.entries(cases)) {
    assert.equal(matches(parseFilter(filter), task, 'RUNNING'), wanted, filter);
  }
});
