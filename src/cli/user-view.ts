import { RoleSchema, UserSchema } from '../../gen/ts/predictd/v1/user_service_pb.js';
import type { View } from './output.js';
import { lastPart } from './resource-name.js';
import { age, instantAndAge, word } from './wording.js';

/** How people see a user. */
export const userView: View<typeof UserSchema> = {
  schema: UserSchema,
  name: (user) => user.name,
  columns: (now) => [
    { title: 'NAME', text: ({ name }) => lastPart(name) },
    { title: 'ROLE', text: ({ role }) => word(RoleSchema, role).toLowerCase() },
    { title: 'AGE', right: true, text: ({ createTime }) => age(createTime, now) },
    { title: 'PROJECTS', text: ({ projects }) => projects.join(', ') },
  ],
  pairs: (user, now) => [
    ['Name', lastPart(user.name)],
    ['Role', word(RoleSchema, user.role).toLowerCase()],
    ['Created', instantAndAge(user.createTime, now)],
    ['Projects', user.projects.join(', ')],
  ],
};
