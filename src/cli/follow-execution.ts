import type { Execution } from '../../gen/ts/predictd/v1/execution_pb.js';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { CommandError, type ExitCode, exitCode } from './exit-code.js';
import { executionView } from './history-view.js';
import { type Invocation, waitEnd } from './invocation.js';
import { printOne } from './output.js';
import { changeLines, liveLine, type Progress } from './progress.js';
import { isLively } from './terminal.js';
import { watchTask } from './watch.js';
import { isFinal, reasonWord, stateWord } from './wording.js';

/**
 * Shows an execution's progress on stderr until it ended, then writes it to stdout. Leaving early
 * leaves the execution alone.
 */
export async function followExecution(
  invocation: Invocation,
  started: Execution,
): Promise<ExitCode> {
  const { terminal, signal, say, service, call, sink } = invocation;
  const { stderr, env } = terminal;
  const progress = isLively(stderr, env)
    ? liveLine(terminal, stderr)
    : changeLines(terminal, stderr, PROGRESS_EVERY_MS);
  const { until, timeIsUp } = waitEnd(invocation);
  try {
    await untilEnded(invocation, { started, until, progress });
  } catch (error) {
    if (signal.aborted) say('stopped waiting; the execution goes on');
    else if (timeIsUp()) throw stillRunning(started);
    throw error;
  }
  const ended = await service.executions.getExecution({ name: started.name }, call);
  printOne(sink, executionView, ended);
  say(`execution ${ended.number} ended ${stateWord(ended.state)}${reasonOf(ended)}`);
  if (readNothingNew(ended)) {
    say('nothing came since the execution before; a new source.consumerGroup begins at startFrom');
  }
  return ended.state === State.FAILED ? exitCode.executionFailed : exitCode.ok;
}

/** Logs of scripts stay readable: mere progress is told no oftener. */
const PROGRESS_EVERY_MS = 5_000;

async function untilEnded(
  { service }: Invocation,
  about: { started: Execution; until: AbortSignal; progress: Progress },
): Promise<void> {
  const { started, until, progress } = about;
  const name = started.name.replace(/\/executions\/[^/]+$/, '');
  const watch = { tasks: service.tasks, signal: until, note: progress.note };
  for await (const { task, event } of watchTask(name, watch)) {
    progress.show(task, event);
    if (task.status && hasEnded(started, task.status)) return;
  }
}

function hasEnded(started: Execution, status: { execution: string; state: State }): boolean {
  if (status.execution === started.name) return isFinal(status.state);
  // Names may differ in their user part (`me`), numbers do not. A later one means ours is over.
  const number = BigInt(/\d+$/.exec(status.execution)?.[0] ?? 0);
  return number > started.number || (number === started.number && isFinal(status.state));
}

/** Executions go on where the last one was: whoever wants all of the topic again would wonder. */
function readNothingNew({ state, number, counters }: Execution): boolean {
  return state === State.COMPLETED && number > 1n && !counters?.recordsIn;
}

function stillRunning(started: Execution): CommandError {
  return new CommandError('it had not ended when the time was up', {
    exitCode: exitCode.unavailable,
    action: `wait for execution ${started.number}`,
    hint: 'the execution goes on; give it longer with --timeout, or leave the flag out',
  });
}

function reasonOf(ended: Execution): string {
  const { lastError } = ended;
  const reason = reasonWord(ended);
  const parts = lastError.startsWith(reason) ? [lastError] : [reason, lastError];
  const why = parts.filter((text) => text !== '').join(': ');
  return why === '' ? '' : ` (${why})`;
}
