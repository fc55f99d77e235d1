import type { KafkaCluster } from '../kafka/cluster.js';
import { clientIdPrefix, runnerIdPrefix } from './client-id.js';
import type { StartMessage } from './messages.js';

/** Members of the new runner show up within this, or the group is left to sort itself out. */
const POLL_MS = 20;
const POLLS_MAX = 150;

/**
 * Takes the members of killed runners of the same task out of the group: they would hold their partitions until their session ends.
 * Waits until a member of this runner is in the group, because a group that is empty for a moment makes the next
 * member wait for others. Only call it when no older runner of the task is to live.
 */
export async function removeStaleMembers(
  cluster: KafkaCluster,
  start: StartMessage,
  signal: AbortSignal,
): Promise<number> {
  const groupId = start.consumerGroup;
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  for (let poll = 0; poll < POLLS_MAX && !signal.aborted; poll++) {
    const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
    const members = groups[0]?.members ?? [];
    const ours = members.filter(({ clientId }) => clientId.startsWith(clientIdPrefix(start)));
    const isNew = ({ clientId }: { clientId: string }) =>
      clientId.startsWith(runnerIdPrefix(start));
    const stale = ours.filter((member) => !isNew(member));
    if (stale.length === 0) return 0;
    if (ours.some(isNew)) {
      for (const { memberId } of stale) {
        await coordinator.leaveGroup({ groupId, memberId }).catch(() => undefined);
      }
      return stale.length;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return 0;
}
