import type { Migration } from '../migration.js';

/**
 * Ids of users, tasks, executions and models come from one sequence. Events of deleted tasks stay, so they carry the
 * task's name and user themselves and refer to nothing. A spec is stored once for all executions that run it.
 */
export const firstSchema: Migration = {
  version: 1,
  sql: `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sequence (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sequence (name, value) VALUES ('id', 0), ('event_trimmed', 0);

CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  secret_key_sealed TEXT NOT NULL,
  projects TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE specs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES tasks (id) DEFERRABLE INITIALLY DEFERRED,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX specs_task ON specs (task_id);

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL REFERENCES users (name),
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  display_name TEXT NOT NULL,
  labels TEXT NOT NULL,
  annotations TEXT NOT NULL,
  desired TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  model TEXT,
  spec_id INTEGER NOT NULL REFERENCES specs (id),
  UNIQUE (user, name)
) STRICT;
CREATE INDEX tasks_spec ON tasks (spec_id);
CREATE INDEX tasks_name ON tasks (name);
CREATE INDEX tasks_created_at ON tasks (created_at);
CREATE INDEX tasks_updated_at ON tasks (updated_at);
CREATE INDEX tasks_user_created_at ON tasks (user, created_at);
CREATE INDEX tasks_user_updated_at ON tasks (user, updated_at);
CREATE INDEX tasks_user_model ON tasks (user, model);

CREATE TABLE executions (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  task_id INTEGER NOT NULL REFERENCES tasks (id),
  number INTEGER NOT NULL,
  user TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  state_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  spec_id INTEGER NOT NULL REFERENCES specs (id),
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  last_error TEXT NOT NULL,
  restart_count INTEGER NOT NULL,
  restarts_in_row INTEGER NOT NULL,
  next_restart_at INTEGER,
  termination TEXT,
  continues INTEGER,
  progress TEXT NOT NULL,
  UNIQUE (task_id, number)
) STRICT;
CREATE INDEX executions_user ON executions (user);
CREATE INDEX executions_spec ON executions (spec_id);
CREATE INDEX executions_active ON executions (id)
  WHERE state NOT IN ('COMPLETED', 'COMPLETED_WITH_WARNINGS', 'CANCELLED', 'FAILED');

CREATE TABLE event_counters (
  task_id INTEGER PRIMARY KEY,
  task TEXT NOT NULL,
  user TEXT NOT NULL,
  last INTEGER NOT NULL,
  trimmed INTEGER NOT NULL
) STRICT;
CREATE INDEX event_counters_kept ON event_counters (last - trimmed);

CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  task TEXT NOT NULL,
  user TEXT NOT NULL,
  execution_number INTEGER,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  severity TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  epoch INTEGER NOT NULL,
  UNIQUE (task_id, number)
) STRICT;
CREATE INDEX events_task ON events (task_id);
CREATE INDEX events_user ON events (user);
CREATE TRIGGER events_without_gaps BEFORE INSERT ON events
WHEN NEW.number <> 1 + coalesce(
  (SELECT max(number) FROM events WHERE task_id = NEW.task_id),
  (SELECT trimmed FROM event_counters WHERE task_id = NEW.task_id))
BEGIN
  SELECT raise(ABORT, 'event numbers of a task must have no gap');
END;

CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  user TEXT NOT NULL REFERENCES users (name),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  inputs TEXT NOT NULL,
  outputs TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (user, name)
) STRICT;
CREATE INDEX models_sha256 ON models (sha256);

CREATE TABLE answers (
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  method TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resource_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (caller, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_at ON answers (at);
`,
};
