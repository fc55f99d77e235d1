import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaClientSettings } from '../kafka/client.js';
import { createCluster } from '../kafka/cluster.js';
import { callKafka } from '../kafka/kafka-call.js';
import { reachElsewhere } from './group-progress.js';
import type { StartMessage } from './messages.js';
import type { RunnerProgress } from './progress.js';
import type { Plan } from './thread-messages.js';

export interface OthersOptions {
  readonly settings: KafkaClientSettings;
  readonly start: StartMessage;
  readonly plan: Pick<Plan, 'sourcePartitions' | 'endOffsets'>;
  readonly progress: RunnerProgress;
  /** Called once, with how many partitions others own. */
  readonly onShared: (partitions: number) => void;
  /** Called when it is known how far they are. */
  readonly onProgress: () => void;
}

const LOOK_MS = 2_000;
const DEADLINE_MS = 10_000;

/**
 * Keeps in sight what members of other tasks do in a group that was named: none of this runner's threads hears of the partitions
 * that they own, and a bounded execution is over only when those are done as well. Until `signal` is aborted.
 */
export async function followOthers(options: OthersOptions, signal: AbortSignal): Promise<void> {
  const { settings, start, plan, progress, onShared, onProgress } = options;
  for (let isShared = false; ; ) {
    await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    const others = progress.ownedByOthers(plan.sourcePartitions);
    if (others.length === 0) continue;
    try {
      const cluster = createCluster(settings);
      const reach = await callKafka(cluster, { deadlineMs: DEADLINE_MS, signal }, () =>
        reachElsewhere(cluster, start, others, plan.endOffsets),
      );
      progress.reachedByOthers(reach);
      if (!isShared) onShared(others.length);
      isShared = true;
      onProgress();
    } catch {
      // The threads say what is wrong with Kafka; it is looked at again.
    }
  }
}
