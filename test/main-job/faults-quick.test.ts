import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { hangingRecord } from '../faults/cases/hanging-record.js';
import { shadowCompared, swapBlocked, swapsKilled } from '../faults/cases/model-swaps.js';
import { badNetworkFor } from '../faults/cases/network-faults.js';
import { killedAt } from '../faults/cases/ownership-faults.js';
import { poisonRecords } from '../faults/cases/record-faults.js';
import { serviceKilledTimes } from '../faults/cases/service-killed.js';
import { databaseLocked } from '../faults/cases/store-faults.js';
import { offsetsLost } from '../faults/cases/topic-faults.js';
import { type FaultCase, Lab } from '../faults/lab.js';
import { apiKeys } from '../support/tcp-proxy.js';

/** Those of the fault suite that take seconds; `npm run test:faults` runs all. */
const quick: readonly FaultCase[] = [
  serviceKilledTimes(4),
  badNetworkFor(1),
  killedAt([apiKeys.txnOffsetCommit, apiKeys.endTxn]),
  offsetsLost,
  poisonRecords,
  databaseLocked,
  swapsKilled(['nothing', 'runner', 'service']),
  hangingRecord,
  swapBlocked,
  shadowCompared,
];

describe('a fault of the list', () => {
  const lab = new Lab(Math.random, () => undefined);
  after(() => lab.close());
  for (const fault of quick) {
    it(`${fault.name}: ${fault.holds}`, async () => {
      try {
        const { lost = 0, doubled = 0 } = await fault.run(lab);
        assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 });
      } finally {
        await lab.tidy();
      }
    });
  }
});
