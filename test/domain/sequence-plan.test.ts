import assert from 'node:assert/strict';
import { test } from 'node:test';
import { downstreamOf, type PlannedTask } from '../../src/domain/sequence-plan.js';
import { sampleTask } from './sample-task.js';

const brokers = ['127.0.0.1:9092'];

test('what reads what a task writes comes after all that write for it', () => {
  const tasks = plan({ 1: 'a>b', 2: 'd>e', 3: 'c>d', 4: 'b>c', 5: 'b>d', 6: 'x>y' });
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 1), tasks, brokers)), [4, 3, 5, 2]);
});

test('what is named already is not named again, and nothing follows what nobody reads', () => {
  const tasks = plan({ 1: 'a>b', 2: 'b>c', 3: 'c>d' });
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 1, 2), tasks, brokers)), [3]);
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 3), tasks, brokers)), []);
});

test('a circle ends, with the oldest of it first', () => {
  const tasks = plan({ 1: 'a>b', 2: 'c>b', 3: 'b>c' });
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 1), tasks, brokers)), [2, 3]);
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 2, 3), tasks, brokers)), []);
});

test('a topic of the same name on another cluster is another topic', () => {
  const tasks = plan({ 1: 'a>b', 2: 'b>c', 3: 'b>d', 4: 'b>e' }).map((each) => {
    const bootstrapServers = { 3: ['other:9092'], 4: brokers }[each.task.id] ?? [];
    return {
      ...each,
      spec: { ...each.spec, source: { ...each.spec.source, bootstrapServers } },
    };
  });
  assert.deepEqual(idsOf(downstreamOf(pick(tasks, 1), tasks, brokers)), [2, 4]);
});

/** Tasks by id, each with `source>sink`. */
function plan(topics: Readonly<Record<number, string>>): readonly PlannedTask[] {
  return Object.entries(topics).map(([id, text]) => {
    const [source = '', sink = ''] = text.split('>');
    const task = sampleTask({ id: Number(id) });
    const { spec } = task;
    return {
      task,
      spec: {
        ...spec,
        source: { ...spec.source, topic: source },
        sink: { ...spec.sink, topic: sink },
      },
    };
  });
}

function pick(tasks: readonly PlannedTask[], ...ids: readonly number[]): readonly PlannedTask[] {
  return tasks.filter(({ task }) => ids.includes(task.id));
}

function idsOf(tasks: readonly PlannedTask[]): readonly number[] {
  return tasks.map(({ task }) => task.id);
}
