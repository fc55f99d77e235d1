import { deadLetteringOf, extendWindow } from './dead-lettering.js';
import type { EventDraft } from './event.js';
import type { Execution, Progress } from './execution.js';
import { totalLag, waitsForTurn } from './execution.js';
import { conditionsOf, overdueOf, problemOf } from './health.js';
import { limits } from './limits.js';
import {
  afterBreak,
  afterEnd,
  loadsWhenReady,
  modelLoaded,
  modelRefused,
  wished,
} from './model-change.js';
import { type Run, type Runner, withProgress } from './run.js';
import type { RunnerReport } from './runner-report.js';
import { isFinal, type State } from './state.js';
import type { Context, Exit, Input, SpawnFailure, Step } from './step-input.js';
import { suspect } from './suspect-records.js';
import { type Cause, may, type TransitionName, transit } from './transitions.js';

/**
 * Decides what an input means for an execution. Pure: the caller writes the execution and the events in one
 * transaction, and only then carries out the effects.
 */
export function step(run: Run, input: Input, context: Context): Step {
  if (isFinal(run.execution.state)) return unchanged(run);
  if ('epoch' in input && input.epoch !== run.runner?.epoch) return unchanged(run);
  return afterEnd(decide(run, input, context), context);
}

function decide(run: Run, input: Input, context: Context): Step {
  switch (input.type) {
    case 'admit':
      return admit(run, context, { reason: 'STARTING', message: 'A runner is started.' });
    case 'preceded':
      return preceded(run, input.state, context);
    case 'stop':
      return stop(run, input, context);
    case 'wish':
      return wished(run, input, context);
    case 'model-loaded':
      return modelLoaded(run, input.sha256, context);
    case 'model-refused':
      return modelRefused(run, input, context);
    case 'spawned':
      return unchanged(withRunner(run, { processId: input.processId }));
    case 'spawn-failed':
      return spawnFailed(dropRunner(run), input.cause, context);
    case 'ready':
      return ready(run, context);
    case 'heartbeat':
      return heartbeat(run, input.report, context);
    case 'log':
      return { run, events: [logEvent(run, input, context)], effects: [] };
    case 'ended':
      return unchanged(withRunner(run, { outcome: input.outcome }));
    case 'exited':
      return exited(withCommitted(run, input.progress), input.exit, context);
    case 'tick':
      return tick(run, context);
    case 'recover':
      return recover(run, context);
    case 'drain':
      return drain(run, context);
  }
}

function unchanged(run: Run): Step {
  return { run, events: [], effects: [] };
}

function withRunner(run: Run, change: Partial<Runner>): Run {
  return run.runner ? { ...run, runner: { ...run.runner, ...change } } : run;
}

/** What Kafka has is newer than what the runner said last, unless it knows less. */
function withCommitted(run: Run, progress: Progress | undefined): Run {
  const { execution } = run;
  const knows = progress && progress.partitions.length >= execution.progress.partitions.length;
  return knows ? { ...run, execution: { ...execution, progress } } : run;
}

function dropRunner(run: Run): Run {
  return { execution: run.execution };
}

function move(run: Run, name: TransitionName, cause: Cause & { now: number }): Step {
  const { execution, event } = transit(run.execution, name, cause);
  return { run: { ...run, execution }, events: [event], effects: [] };
}

function admit(run: Run, { now }: Context, cause: Cause): Step {
  if (run.runner || !may(run.execution, 'admit')) return unchanged(run);
  const epoch = run.execution.epoch + 1;
  const { nextRestartAt: _done, ...execution } = run.execution;
  const moved = move(
    { execution: { ...execution, epoch, startedAt: execution.startedAt ?? now } },
    'admit',
    { ...cause, now },
  );
  const runner: Runner = {
    epoch,
    processId: 0,
    startedAt: now,
    heartbeatAt: now,
    ready: false,
    conditions: [],
  };
  return {
    run: { ...moved.run, runner },
    events: moved.events,
    effects: [{ type: 'spawn', epoch }],
  };
}

/** A sequence goes on after what completed, also with warnings, and ends with anything else. */
function preceded(run: Run, state: State | undefined, { now }: Context): Step {
  if (!waitsForTurn(run.execution)) return unchanged(run);
  if (state === 'COMPLETED' || state === 'COMPLETED_WITH_WARNINGS') {
    return move(run, 'release', { reason: 'QUEUED', message: 'It waits for a place.', now });
  }
  const message = `The one before it in its sequence did not complete${state ? `: ${state}` : ''}.`;
  const cause = { reason: 'SEQUENCE_BROKEN', message, severity: 'WARNING', now } as const;
  return move(run, 'cancel', cause);
}

function stop(run: Run, input: { actor: string; force: boolean }, { now }: Context): Step {
  const { execution, runner } = run;
  const cause = { reason: 'STOP_REQUESTED', message: 'It was stopped.', actor: input.actor, now };
  if (!runner) {
    return may(execution, 'cancel') ? move(run, 'cancel', cause) : unchanged(run);
  }
  const moved = may(execution, 'stop') ? move(run, 'stop', cause) : unchanged(run);
  if (input.force) {
    const killed = { reason: 'KILLED', message: 'It was stopped by force.' };
    return {
      ...moved,
      run: withRunner(moved.run, { killed, stopDeadline: now }),
      effects: [{ type: 'kill', epoch: runner.epoch }],
    };
  }
  if (runner.stopDeadline !== undefined) return moved;
  return {
    ...moved,
    run: withRunner(moved.run, { stopDeadline: now + limits.stopMs }),
    effects: [{ type: 'stop', epoch: runner.epoch }],
  };
}

function ready(run: Run, { now }: Context): Step {
  const beating = withRunner(run, { ready: true, heartbeatAt: now });
  if (!may(run.execution, 'ready')) return unchanged(beating);
  const moved = move(beating, 'ready', { reason: 'RUNNING', message: 'It predicts.', now });
  return { ...moved, effects: loadsWhenReady(moved.run) };
}

function heartbeat(run: Run, report: RunnerReport, { now }: Context): Step {
  const execution = withProgress(run, report);
  const conditions = conditionsOf(report, run.runner?.conditions ?? [], now);
  const before = run.runner?.counted ?? [];
  const known = execution !== run.execution;
  const counted = known ? extendWindow(before, report.counters, now) : before;
  const sight = { heartbeatAt: now, report, conditions, counted };
  const seen = withRunner({ ...run, execution }, sight);
  const problem =
    problemOf(report, totalLag(execution.progress)) ?? deadLetteringOf(counted, execution);
  if (execution.state === 'RUNNING' || execution.state === 'DEGRADED') {
    if (problem) return worsen(seen, problem, now);
    if (execution.state === 'DEGRADED') {
      return move(seen, 'recover', { reason: 'RECOVERED', message: 'It predicts again.', now });
    }
    return healthy(seen, now);
  }
  return unchanged(seen);
}

/** Another reason is an event; of the same one only the newest words are kept. */
function worsen(run: Run, problem: Cause, now: number): Step {
  const { execution } = run;
  if (execution.state === 'DEGRADED' && execution.reason === problem.reason) {
    return unchanged({ ...run, execution: { ...execution, message: problem.message } });
  }
  const cause = { reason: problem.reason, message: problem.message, now };
  const fresh = { ...run, execution: { ...execution, lastError: firstCause(problem) } };
  return move(execution.state === 'DEGRADED' ? run : fresh, 'degrade', cause);
}

function firstCause(cause: Cause): string {
  return `${cause.reason}: ${cause.message}`;
}

/** A long time without trouble gives the restart budget back. */
function healthy(run: Run, now: number): Step {
  const { execution } = run;
  if (execution.restartsInRow === 0 || now - execution.stateAt < limits.healthyMs) {
    return unchanged(run);
  }
  return unchanged({ ...run, execution: { ...execution, restartsInRow: 0 } });
}

function logEvent(
  run: Run,
  line: { severity: EventDraft['severity']; reason: string; message: string; epoch: number },
  { now }: Context,
): EventDraft {
  return {
    taskId: run.execution.taskId,
    executionNumber: run.execution.number,
    at: now,
    actor: 'runner',
    reason: line.reason,
    message: line.message,
    severity: line.severity,
    epoch: line.epoch,
  };
}

function exited(run: Run, exit: Exit, context: Context): Step {
  const { now } = context;
  const outcome = run.runner?.outcome;
  const cause = exitCause(run, exit);
  const termination = {
    ...cause,
    signal: exit.signal,
    at: now,
    ...(exit.exitCode === undefined ? {} : { exitCode: exit.exitCode }),
  };
  const gone: Run = { execution: { ...run.execution, termination } };
  if (outcome?.type === 'completed') return complete(gone, now);
  if (run.execution.state === 'STOPPING') {
    const stopped = outcome?.type === 'stopped';
    const message = stopped ? 'It finished its last micro-batch and ended.' : cause.message;
    return move(gone, 'cancel', { reason: stopped ? 'STOPPED' : cause.reason, message, now });
  }
  if (!may(gone.execution, 'retry')) return unchanged(gone);
  const fatal = outcome?.type === 'failed' && outcome.fatal;
  const died = outcome === undefined || cause.reason === 'OUT_OF_MEMORY';
  const tried = died ? afterBreak(gone, cause, context) : unchanged(gone);
  const suspected = suspect(tried.run, outcome, context);
  const broken = broke(suspected.run, { ...cause, fatal }, context);
  return {
    ...broken,
    events: [...tried.events, ...suspected.events, ...broken.events],
    ...(suspected.scoring ? { scoring: suspected.scoring } : {}),
  };
}

function exitCause(run: Run, exit: Exit): { reason: string; message: string } {
  const { runner } = run;
  if (runner?.outcome?.type === 'failed') {
    return { reason: runner.outcome.reason, message: runner.outcome.message };
  }
  if (runner?.killed) return runner.killed;
  if (runner?.outcome) return { reason: 'EXITED', message: 'The runner ended.' };
  if (exit.reason) return { reason: exit.reason, message: exit.message };
  const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.exitCode ?? 'unknown'}`;
  return { reason: 'RUNNER_EXITED', message: `The runner ended unexpectedly with ${how}.` };
}

function complete(run: Run, now: number): Step {
  const { recordsDeadLettered, recordsSkipped } = run.execution.progress.counters;
  const bad = recordsDeadLettered + recordsSkipped;
  if (bad === 0) {
    return move(run, 'complete', { reason: 'COMPLETED', message: 'It reached the end.', now });
  }
  return move(run, 'completeWithWarnings', {
    reason: 'BAD_RECORDS',
    message: `It reached the end; ${recordsDeadLettered} records were dead-lettered and ${recordsSkipped} skipped.`,
    now,
  });
}

/** There never was a process; a stop that came meanwhile is thereby done. */
function spawnFailed(run: Run, failure: SpawnFailure, context: Context): Step {
  if (run.execution.state !== 'STOPPING') return broke(run, failure, context);
  const { reason, message } = failure;
  return move(run, 'cancel', { reason, message, now: context.now });
}

/** The runner is gone and was not asked to go: fail for good, or run again after a while. */
function broke(run: Run, failure: SpawnFailure, context: Context): Step {
  const { now } = context;
  const execution = { ...run.execution, lastError: firstCause(failure) };
  const fresh = { ...run, execution };
  if (failure.fatal) return move(fresh, 'fail', { ...failure, now });
  // The network's faults are not the task's: they never use up its budget.
  const network = failure.reason === 'KAFKA_UNREACHABLE';
  const restartsInRow = execution.restartsInRow + (network ? 0 : 1);
  if (restartsInRow > execution.spec.maxRestarts) {
    const message = `It broke ${restartsInRow} times in a row. Last: ${failure.message}`;
    return move(fresh, 'fail', { reason: 'CRASH_LOOP', message, now });
  }
  const delayMs = restartDelayMs(network ? 2 : restartsInRow, context);
  const next: Execution = {
    ...execution,
    restartsInRow,
    restartCount: execution.restartCount + 1,
    nextRestartAt: now + delayMs,
  };
  const when = delayMs === 0 ? 'at once' : `in ${(delayMs / 1_000).toFixed(1)} s`;
  const message = `${failure.message} It is restarted ${when}.`;
  return tickRestart(
    move({ ...run, execution: next }, 'retry', { reason: failure.reason, message, now }),
    context,
  );
}

/** Delay before the n-th restart in a row: none, then 1 s doubled up to the cap, less up to a half of jitter. */
export function restartDelayMs(restart: number, { random }: Pick<Context, 'random'>): number {
  if (restart <= 1) return 0;
  const full = Math.min(limits.restartDelayMsMax, limits.restartDelayMs * 2 ** (restart - 2));
  return Math.round(full * (1 - random() / 2));
}

function tickRestart(before: Step, context: Context): Step {
  const { nextRestartAt } = before.run.execution;
  if (nextRestartAt === undefined || nextRestartAt > context.now) return before;
  const message = `Restart ${before.run.execution.restartCount}.`;
  const after = admit(before.run, context, { reason: 'RESTARTED', message });
  return { ...after, events: [...before.events, ...after.events] };
}

function tick(run: Run, context: Context): Step {
  const { execution, runner } = run;
  if (!runner) {
    return execution.state === 'RESTARTING' ? tickRestart(unchanged(run), context) : unchanged(run);
  }
  const overdue = overdueOf(execution, runner, context.now);
  if (!overdue || runner.killed) return unchanged(run);
  return {
    run: withRunner(run, { killed: overdue }),
    events: [],
    effects: [{ type: 'kill', epoch: runner.epoch }],
  };
}

function recover(run: Run, context: Context): Step {
  const gone = dropRunner(run);
  if (gone.execution.state === 'STOPPING') {
    const cause = { reason: 'STOPPED', message: 'It ended together with the service.' };
    return move(gone, 'cancel', { ...cause, now: context.now });
  }
  if (!may(gone.execution, 'resume')) return unchanged(gone);
  // A clock that was set back meanwhile must not make it wait for longer than it ever would.
  const latest = context.now + limits.restartDelayMsMax;
  const nextRestartAt = Math.min(gone.execution.nextRestartAt ?? context.now, latest);
  const waiting = { execution: { ...gone.execution, nextRestartAt } };
  const cause = { reason: 'SERVICE_STARTED', message: 'The service is back; it goes on.' };
  return tickRestart(move(waiting, 'resume', { ...cause, now: context.now }), context);
}

function drain(run: Run, { now }: Context): Step {
  const { runner } = run;
  if (!runner || runner.stopDeadline !== undefined) return unchanged(run);
  return {
    run: withRunner(run, { stopDeadline: now + limits.stopMs }),
    events: [],
    effects: [{ type: 'stop', epoch: runner.epoch }],
  };
}
