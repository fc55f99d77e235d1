import type { EventDraft } from './event.js';
import { modelRefused } from './model-change.js';
import type { Run } from './run.js';
import type { RunnerOutcome } from './runner-report.js';
import type { Context, Step } from './step-input.js';
import { type CondemnedRecord, stillAhead, suspectAfter } from './suspects.js';

/**
 * A runner told what it was scoring when it broke. A record that is condemned gives the restart budget back: the next runner gets
 * past it.
 */
export function suspect(run: Run, outcome: RunnerOutcome | undefined, context: Context): Step {
  if (outcome?.type !== 'failed') return { run, events: [], effects: [] };
  const { reason, message, suspects: ranges } = outcome;
  const { execution } = run;
  const { shadow } = execution.scoring ?? {};
  if (reason === 'SHADOW_HUNG' && shadow) {
    const refusal = { sha256: shadow.sha256, cause: { reason, message } };
    return modelRefused(run, refusal, context);
  }
  if (!ranges || ranges.length === 0) return { run, events: [], effects: [] };
  const isHung = reason === 'MODEL_HUNG';
  const { suspects, condemned } = suspectAfter(
    stillAhead(execution.suspects, execution.progress),
    ranges,
    {
      reason: isHung ? 'MODEL_HUNG' : 'MODEL_CRASHED',
      how: isHung ? 'The model did not return from it' : `The runner broke at it (${reason})`,
    },
  );
  const restartsInRow = condemned.length > 0 ? 0 : execution.restartsInRow;
  return {
    run: { ...run, execution: { ...execution, suspects, restartsInRow } },
    events: condemned.map((record) => condemnedEvent(run, record, context)),
    effects: [],
  };
}

function condemnedEvent(
  { execution }: Run,
  { partition, offset, reason, message }: CondemnedRecord,
  { now }: Context,
): EventDraft {
  const place = `${execution.spec.source.topic}-${partition} at offset ${offset}`;
  return {
    taskId: execution.taskId,
    executionNumber: execution.number,
    at: now,
    actor: 'supervisor',
    reason,
    message: `The record of ${place} is a bad record from now on. ${message}`,
    severity: 'WARNING',
    epoch: execution.epoch,
  };
}
