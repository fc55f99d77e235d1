import { openStore } from '../../../src/store/store.js';

/** Holds a data directory until it is killed, or says that it may not. */
const [dataDir = ''] = process.argv.slice(2);
try {
  await openStore({ dataDir });
  process.stdout.write('open\n');
  process.stdin.resume();
} catch (err) {
  process.stdout.write(`${err instanceof Error ? err.message : err}\n`);
}
