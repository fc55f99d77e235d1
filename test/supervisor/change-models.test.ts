import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scoring } from '../../src/domain/scoring.js';
import { scoringOf } from '../../src/domain/task.js';
import { keepScoring } from '../../src/supervisor/change-models.js';
import { sampleTask } from '../domain/sample-task.js';
import { sampleUser, temporaryStore } from '../store/support.js';

const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, sha256: name.repeat(64) }));
assert.ok(a && b && c);

test('a change of the models that run renames the model of the definition, unless somebody named another', async (t) => {
  const { store } = await temporaryStore(t);
  const own = sampleTask({ user: 'ann' });
  const naming = (model: string) => {
    const { predictor } = own.spec;
    assert.equal(predictor.type, 'onnx');
    return { ...own.spec, predictor: { ...predictor, model } };
  };
  const begun = { ...own, spec: naming('a'), scoring: { active: a } };
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(begun);
  });
  const kept = async (scoring: Scoring) => {
    await store.write((writes) => keepScoring(writes, own.id, { scoring, now: 5 }));
    const task = await store.taskById(own.id);
    assert.ok(task);
    return task;
  };
  const swapped = await kept({ active: b, previous: a });
  assert.deepEqual([swapped.spec, swapped.generation], [naming('b'), 2]);
  await store.write((writes) => writes.updateTask({ ...swapped, spec: naming('a') }));
  // Neither a shadow nor a swap of what runs undoes what was said of the next execution.
  const shadowed = await kept({ active: b, previous: a, shadow: c });
  assert.deepEqual([shadowed.spec, scoringOf(shadowed)?.active.name], [naming('a'), 'a']);
  const again = await kept({ active: c, previous: b });
  assert.deepEqual([again.spec, again.generation], [naming('a'), 2]);
});
