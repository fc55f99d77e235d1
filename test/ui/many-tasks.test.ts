import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeWorld, rowOf } from './world.js';

const many = 1_000;

test('a thousand tasks are listed, found, sorted and scrolled without a wait', async (t) => {
  const world = await makeWorld(t);
  const { tasks } = world.under.connection;
  const topic = await world.kafka.createTopic({ prefix: 'ui' });
  const make = async (place: number) => {
    const taskId = `task-${String(place).padStart(4, '0')}`;
    const spec = {
      source: { topic },
      sink: { topic: `${topic}-${place}` },
      predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
    } as const;
    await tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
  };
  for (let from = 0; from < many; from += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, place) => make(from + place)));
  }
  const page = await world.page();
  const begun = performance.now();
  await page.getByRole('button', { name: /^all 1,000/ }).waitFor();
  await rowOf(page, 'task-0000').waitFor();
  t.diagnostic(`1,000 tasks shown after ${Math.round(performance.now() - begun)} ms`);
  const table = page.getByRole('table');
  assert.equal(await table.getAttribute('aria-rowcount'), '1001');
  assert.ok((await table.locator('tbody tr').count()) < 100, 'only what is near is there');

  const search = page.getByLabel('Find tasks');
  const typed = await page.evaluate(`(async () => {
    const input = document.querySelector('input[type=search]');
    const begun = performance.now();
    input.value = 'task-0777';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - begun;
  })()`);
  t.diagnostic(`a filter took ${Math.round(Number(typed))} ms`);
  await rowOf(page, 'task-0777').waitFor();
  assert.equal(await page.locator('tbody tr').count(), 1);
  await search.fill('');
  await page.getByRole('button', { name: 'Task', exact: true }).click();
  await page.getByRole('button', { name: 'Task', exact: true }).click();
  await rowOf(page, 'task-0999').waitFor();
  const frames = await page.evaluate<number[]>(`(async () => {
    const scroller = document.querySelector('.scroller');
    const frames = [];
    for (let step = 0; step < 60; step += 1) {
      const begun = performance.now();
      scroller.scrollTop += 800;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      frames.push(performance.now() - begun);
    }
    return frames.sort((a, b) => a - b);
  })()`);
  const median = frames[frames.length / 2] ?? 0;
  t.diagnostic(
    `a frame while scrolling: median ${Math.round(median)} ms, longest ${Math.round(frames.at(-1) ?? 0)} ms`,
  );
  assert.ok(median < 200, `${median} ms`);
  await rowOf(page, 'task-0000').waitFor();
});
