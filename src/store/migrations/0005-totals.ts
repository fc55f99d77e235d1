import type { Migration } from '../migration.js';

/**
 * What all executions of a task but the newest one counted, so that a task's counters go on when old executions are
 * forgotten.
 */
export const totals: Migration = {
  version: 5,
  sql: `
CREATE TABLE task_totals (
  task_id INTEGER PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
  records_in INTEGER NOT NULL,
  records_out INTEGER NOT NULL,
  records_dead_lettered INTEGER NOT NULL,
  records_skipped INTEGER NOT NULL,
  restarts INTEGER NOT NULL
) STRICT;
INSERT INTO task_totals
SELECT e.task_id,
  sum(e.progress ->> '$.counters.recordsIn'), sum(e.progress ->> '$.counters.recordsOut'),
  sum(e.progress ->> '$.counters.recordsDeadLettered'),
  sum(e.progress ->> '$.counters.recordsSkipped'), sum(e.restart_count)
FROM executions e
WHERE e.number < (SELECT max(number) FROM executions n WHERE n.task_id = e.task_id)
GROUP BY e.task_id;
`,
};
