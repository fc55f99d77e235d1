import type { Command } from 'commander';
import { Severity } from '../../gen/ts/predictd/v1/execution_pb.js';
import {
  type LogLine,
  LogSourceSchema,
  type TailLogsResponse,
  TailLogsResponseSchema,
} from '../../gen/ts/predictd/v1/execution_service_pb.js';
import { executionNumber } from './execution-number.js';
import { type ExitCode, exitCode } from './exit-code.js';
import { callsService, type Invocation, type Shell, waitEnd } from './invocation.js';
import { printJson, toJson } from './output.js';
import { readFlagIfGiven } from './read-flag.js';
import { resourceName } from './resource-name.js';
import { wholeNumber } from './setting.js';
import { paint, type Tone } from './table.js';
import { harmless, takesColour } from './terminal.js';
import { instant, word } from './wording.js';

interface LogOptions {
  readonly follow?: boolean;
  readonly execution: string;
  readonly lines?: string;
}

const linesMax = 10_000;

/** Adds `logs`, to the program or to `tasks`. */
export function addLogCommand(parent: Command, shell: Shell): void {
  const command = parent
    .command('logs <task>')
    .summary("show the log of a task's run")
    .description(
      'Shows what the runner of a task printed and said, and what was decided about it: the newest\n' +
        'lines of its newest execution. The logs of the newest 20 executions are kept for 30 days.',
    )
    .option('-f, --follow', 'go on with every line that comes, until the execution has ended')
    .option('--execution <number>', 'number of the execution; - is the newest', '-')
    .option('--lines <n>', 'newest lines to begin with, 0 to 10000 (default: 100)')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  predictd logs iris\n' +
        '  predictd logs iris -f --lines 0\n' +
        '  predictd logs iris --execution 3 -o jsonl | jq -r .line.message',
    );
  callsService<LogOptions>(shell, command, {
    action: ([task]) => `show the log of task ${task}`,
    run: (invocation, [typed = ''], { follow = false, execution, lines }) => {
      const task = resourceName(invocation.owner, 'tasks', typed);
      const name = `${task}/executions/${executionNumber(execution)}`;
      const first = readFlagIfGiven('--lines', lines, wholeNumber(0, linesMax));
      return tail(invocation, { name, follow, ...(first === undefined ? {} : { lines: first }) });
    },
  });
}

interface Request {
  readonly name: string;
  readonly follow: boolean;
  readonly lines?: number;
}

async function tail(invocation: Invocation, request: Request): Promise<ExitCode> {
  const { service, signal, say } = invocation;
  const { until, timeIsUp } = waitEnd(invocation);
  try {
    for await (const response of service.executions.tailLogs(request, { signal: until })) {
      show(invocation, response);
    }
  } catch (error) {
    if (signal.aborted) say('stopped reading; the execution goes on');
    // Whoever sets a time for reading wants it to end then.
    else if (timeIsUp()) return exitCode.ok;
    throw error;
  }
  return exitCode.ok;
}

function show({ sink, say }: Invocation, response: TailLogsResponse): void {
  const { kind } = response;
  if (kind.case === 'heartbeat') return;
  if (sink.format === 'table' || sink.format === 'name') {
    if (kind.case === 'line') {
      sink.stdout.write(`${lineText(kind.value, takesColour(sink.stdout, sink.env))}\n`);
    } else if (kind.case === 'skipped') {
      say(`${kind.value} lines are missing here: they came too fast`);
    }
    return;
  }
  const json = toJson(TailLogsResponseSchema, response);
  if (sink.format === 'yaml') sink.stdout.write('---\n');
  printJson({ stdout: sink.stdout, format: sink.format === 'yaml' ? 'yaml' : 'jsonl' }, json);
}

function lineText({ time, source, severity, reason, message }: LogLine, coloured: boolean): string {
  const who = word(LogSourceSchema, source).toLowerCase().padEnd('supervisor'.length);
  const what = [reason, message].filter((text) => text !== '').join(': ');
  const text = `${instant(time)}  ${who}  ${harmless(what)}`;
  return coloured ? paint(text, tones[severity] ?? 'plain') : text;
}

const tones: Readonly<Record<number, Tone>> = {
  [Severity.WARNING]: 'warning',
  [Severity.ERROR]: 'bad',
};
