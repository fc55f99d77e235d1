import { openStore } from '../../../src/store/store.js';
import { sampleEvent, sampleTask, sampleUser } from '../support.js';

/** Writes events for ever, each with an id in the same transaction, and prints the number of each that is acknowledged. */
const [dataDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir });
if ((await store.taskById(1)) === undefined) {
  await store.write(async (writes) => {
    await writes.insertUser(sampleUser());
    await writes.insertTask(sampleTask(1));
  });
}
for (;;) {
  const { id, event } = await store.write(async (writes) => ({
    id: await writes.nextId(),
    event: await writes.appendEvent(sampleEvent(1)),
  }));
  process.stdout.write(`${event.number} ${id}\n`);
}
