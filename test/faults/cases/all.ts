import type { FaultCase, SkippedFault } from '../lab.js';
import {
  brokerAway,
  brokerRestarted,
  brokersLost,
  coordinatorMissing,
  leaderLost,
} from './broker-faults.js';
import { hostileClients, malformedInput } from './client-faults.js';
import { hangingRecord } from './hanging-record.js';
import { deafWatchers, longBacklog } from './load-faults.js';
import { badUploads, modelChangedOnDisk, uploadBroken } from './model-faults.js';
import { shadowCompared, swapBlocked, swapsKilled } from './model-swaps.js';
import { badNetwork, halfOpen, halfOpenByDefault, lateEndTxn } from './network-faults.js';
import {
  fencedProducer,
  killedBeforeCommit,
  rebalances,
  twoRunners,
  zombieRunner,
} from './ownership-faults.js';
import {
  compressionBomb,
  damagedLog,
  deadLettersForbidden,
  deadLettersMissing,
  oversizeRecords,
  poisonRecords,
} from './record-faults.js';
import { nativeCrash, runnerFrozen, runnerKilled } from './runner-died.js';
import { endlessInference, heapExhausted, nativeMemoryExhausted } from './runner-memory.js';
import { serviceKilled } from './service-killed.js';
import { databaseDamaged, databaseDiskFull, databaseLocked, twoServices } from './store-faults.js';
import { brokerDiskFull, clockJumps, drained, noMoreFiles } from './system-faults.js';
import { offsetsLost, partitionsAdded, topicDeleted } from './topic-faults.js';
import { verbStorm } from './verb-storm.js';

/** Every fault of the list, in its order. */
export const faults: readonly (FaultCase | SkippedFault)[] = [
  serviceKilled,
  runnerKilled,
  runnerFrozen,
  zombieRunner,
  nativeCrash,
  heapExhausted,
  nativeMemoryExhausted,
  endlessInference,
  brokerRestarted,
  brokerAway,
  brokersLost,
  leaderLost,
  brokerDiskFull,
  badNetwork,
  halfOpen,
  halfOpenByDefault,
  rebalances,
  killedBeforeCommit,
  fencedProducer,
  twoRunners,
  lateEndTxn,
  coordinatorMissing,
  topicDeleted,
  partitionsAdded,
  offsetsLost,
  poisonRecords,
  hangingRecord,
  oversizeRecords,
  compressionBomb,
  damagedLog,
  deadLettersForbidden,
  deadLettersMissing,
  longBacklog,
  deafWatchers,
  databaseLocked,
  databaseDiskFull,
  databaseDamaged,
  twoServices,
  clockJumps,
  noMoreFiles,
  badUploads,
  modelChangedOnDisk,
  uploadBroken,
  // Every kill of a runner doubles the wait for the next one: nine in a row would take minutes.
  swapsKilled(Array.from({ length: 12 }, (_, n) => (n % 2 === 1 ? 'service' : 'runner'))),
  swapBlocked,
  shadowCompared,
  malformedInput,
  hostileClients,
  verbStorm,
  drained,
];
