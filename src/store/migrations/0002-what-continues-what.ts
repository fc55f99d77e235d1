import type { Migration } from '../migration.js';

/** Few executions continue another one; who asks which those are must not read a million that do not. */
export const whatContinuesWhat: Migration = {
  version: 2,
  sql: 'CREATE INDEX executions_continues ON executions (continues) WHERE continues IS NOT NULL;',
};
