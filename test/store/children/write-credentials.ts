import { openStore } from '../../../src/store/store.js';
import { sampleUser } from '../support.js';

/** Replaces the credentials of a user for ever, all three by the same number, and prints each that is acknowledged. */
const [dataDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir });
const user = sampleUser();
if ((await store.userByName(user.name)) === undefined) {
  await store.write((writes) => writes.insertUser({ ...user, tokenHash: '0' }));
}
let number = Number((await store.userByName(user.name))?.tokenHash);
for (;;) {
  number += 1;
  const text = String(number);
  await store.write((writes) =>
    writes.updateCredentials(user.id, {
      passwordHash: text,
      tokenHash: text,
      secretKeySealed: text,
    }),
  );
  process.stdout.write(`${text}\n`);
}
