import type { Migration } from '../migration.js';

/** A target's body is its spec, with the secrets sealed. Tasks made from it hold a spec of their own. */
export const targets: Migration = {
  version: 3,
  sql: `
CREATE TABLE targets (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL REFERENCES users (name),
  display_name TEXT NOT NULL,
  labels TEXT NOT NULL,
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX targets_user ON targets (user);
`,
};
