import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type {
  Target as TargetMessage,
  TargetSchema,
  TargetService,
} from '../../../gen/ts/predictd/v1/target_service_pb.js';
import type { TaskDraft } from '../../domain/draft.js';
import { userResourceName } from '../../domain/names.js';
import { type Target, targetResourceName } from '../../domain/target.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { specFromMessage, specToMessage } from './spec-message.js';
import { said, saidMany, timestamp } from './values.js';

/** TargetService over the use cases. */
export function targetService(service: Service): ServiceImpl<typeof TargetService> {
  return {
    async createTarget({ targetId, target }, context) {
      const request = { targetId, owner: target?.owner ?? '', target: target && draftOf(target) };
      return targetToMessage(await service.createTarget(callerOf(context), request));
    },
    async getTarget({ name }, context) {
      return targetToMessage(await service.getTarget(callerOf(context), { name }));
    },
    async listTargets({ pageSize, pageToken }, context) {
      const request = { pageSize, pageToken };
      const { targets, nextPageToken } = await service.listTargets(callerOf(context), request);
      return { targets: targets.map(targetToMessage), nextPageToken };
    },
    async deleteTarget({ name, allowMissing }, context) {
      await service.deleteTarget(callerOf(context), { name, allowMissing });
      return {};
    },
  };
}

function draftOf({ displayName, labels, spec }: TargetMessage): TaskDraft {
  return {
    displayName: said(displayName),
    labels: saidMany(labels),
    spec: spec && specFromMessage(spec),
  };
}

function targetToMessage(target: Target): MessageInitShape<typeof TargetSchema> {
  return {
    name: targetResourceName(target),
    id: target.uid,
    owner: userResourceName(target.user),
    displayName: target.displayName,
    labels: target.labels,
    spec: specToMessage(target.spec),
    createTime: timestamp(target.createdAt),
  };
}
