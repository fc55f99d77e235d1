import type { Migration } from '../migration.js';

/** Which models score: JSON, null where nothing was changed yet or no uploaded model scores. */
export const modelsThatScore: Migration = {
  version: 4,
  sql: `
ALTER TABLE tasks ADD COLUMN scoring TEXT;
ALTER TABLE executions ADD COLUMN scoring TEXT;
`,
};
