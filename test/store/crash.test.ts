import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../../src/store/store.js';
import { kill, startChild, temporaryDirectory } from './support.js';

const rounds = 20;

test('what was acknowledged survives kill -9, twenty times over', async (t) => {
  const dataDir = await temporaryDirectory(t);
  const seed = Math.floor(Math.random() * 2 ** 31);
  t.diagnostic(`seed ${seed}`);
  let acknowledged = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { child, lines } = startChild(t, 'write-events', [dataDir]);
    const writes = 1 + ((seed + round * 7_919) % 40);
    for (let line = 0; line < writes; line += 1) {
      const { value } = await lines.next();
      const [number, id] = String(value).split(' ').map(Number);
      assert(number !== undefined && number > acknowledged);
      assert.equal(id, number, 'ids and events are counted in the same transactions');
      acknowledged = number;
    }
    await kill(child);
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      acknowledged = Number(line.value.split(' ')[0]);
    }
    const store = await openStore({ dataDir });
    const { last } = await store.eventBounds();
    assert(last >= acknowledged, `round ${round}: ${acknowledged} acknowledged, ${last} kept`);
    const events = await store.listEvents(1, { limit: last });
    assert.deepEqual(
      events.map((event) => event.number),
      Array.from({ length: last }, (_, index) => index + 1),
    );
    acknowledged = last;
    await store.close();
  }
  t.diagnostic(`${acknowledged} writes kept over ${rounds} kills`);
});

test('kill -9 leaves either the old credentials or the new ones, never some of each', async (t) => {
  const dataDir = await temporaryDirectory(t);
  for (let round = 1; round <= 4; round += 1) {
    const { child, lines } = startChild(t, 'write-credentials', [dataDir]);
    let acknowledged = '';
    for (let line = 0; line < round * 7; line += 1)
      acknowledged = String((await lines.next()).value);
    await kill(child);
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      acknowledged = line.value;
    }
    const store = await openStore({ dataDir });
    const ann = await store.userByName('ann');
    await store.close();
    const kept = [ann?.passwordHash, ann?.tokenHash, ann?.secretKeySealed];
    assert.equal(new Set(kept).size, 1, kept.join());
    assert(Number(ann?.tokenHash) >= Number(acknowledged));
  }
});
