import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import type { UserSchema, UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { userResourceName } from '../../domain/names.js';
import type { User } from '../../domain/user.js';
import type { Service } from '../../service/create-service.js';
import { callerOf } from '../caller.js';
import { roleCodec } from './enums.js';
import { timestamp } from './values.js';

/** UserService over the use cases. */
export function userService(service: Service): ServiceImpl<typeof UserService> {
  return {
    async createUser({ userId, role, password, projects }, context) {
      const request = { userId, role: roleCodec.fromProto(role), password, projects };
      const { user, ...credentials } = await service.createUser(callerOf(context), request);
      return { user: userToMessage(user), ...credentials };
    },
    async getUser({ name }, context) {
      return userToMessage(await service.getUser(callerOf(context), { name }));
    },
    async listUsers({ pageSize, pageToken }, context) {
      const request = { pageSize, pageToken };
      const { users, nextPageToken } = await service.listUsers(callerOf(context), request);
      return { users: users.map(userToMessage), nextPageToken };
    },
    async deleteUser({ name, allowMissing }, context) {
      await service.deleteUser(callerOf(context), { name, allowMissing });
      return {};
    },
    async resetCredentials({ name, password }, context) {
      const reset = await service.resetCredentials(callerOf(context), { name, password });
      const { user, ...credentials } = reset;
      return { user: userToMessage(user), ...credentials };
    },
  };
}

/** Nothing of the credentials is ever shown again. */
function userToMessage({
  name,
  role,
  projects,
  createdAt,
}: User): MessageInitShape<typeof UserSchema> {
  return {
    name: userResourceName(name),
    role: roleCodec.toProto(role),
    createTime: timestamp(createdAt),
    projects: [...projects],
  };
}
