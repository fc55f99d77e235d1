import type { Migration } from '../migration.js';

/** Records that broke runners, as JSON; null for nearly every execution. */
export const suspects: Migration = {
  version: 6,
  sql: 'ALTER TABLE executions ADD COLUMN suspects TEXT;',
};
