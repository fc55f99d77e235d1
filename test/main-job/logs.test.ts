import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Severity } from '../../gen/ts/predictd/v1/execution_pb.js';
import {
  type LogLine,
  LogSource,
  type TailLogsResponse,
} from '../../gen/ts/predictd/v1/execution_service_pb.js';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { kafkaForTests } from '../support/kafka.js';
import { serviceUnderTest, taskName } from './service-under-test.js';

async function define(topicPrefix: string) {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers });
  await under.upload('iris');
  const topic = await kafka.createTopic({ prefix: topicPrefix });
  await under.define('logged', { topic });
  return under;
}

const name = taskName('logged');
const newest = `${name}/executions/-`;

async function until(
  responses: AsyncIterable<TailLogsResponse>,
  isLast: (line: LogLine) => boolean,
): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const { kind } of responses) {
    assert.notEqual(kind.case, 'skipped');
    if (kind.case !== 'line') continue;
    lines.push(kind.value);
    if (isLast(kind.value)) break;
  }
  return lines;
}

test('the log of a real run has what its runner printed and what was decided, as it comes', async (t) => {
  const under = await define('logs');
  t.after(() => under[Symbol.asyncDispose]());
  const { tasks, executions } = under.connection;
  await tasks.startTask({ name });
  const { status } = await under.reach('logged', [State.RUNNING]);
  const leave = new AbortController();
  t.after(() => leave.abort());
  const following = executions.tailLogs(
    { name: newest, follow: true },
    { signal: leave.signal, timeoutMs: 60_000 },
  );
  const responses = following[Symbol.asyncIterator]();
  const again = { [Symbol.asyncIterator]: () => ({ next: () => responses.next() }) };
  const begun = await until(again, ({ reason }) => reason === 'RUNNING');
  assert.deepEqual(
    begun.map(({ reason }) => reason),
    ['START_REQUESTED', 'STARTING', 'RUNNING'],
  );
  // Node says on stderr that its inspector listens, on a signal that nothing else is disturbed by.
  process.kill(status?.processId ?? 0, 'SIGUSR1');
  const printed = await until(again, ({ message }) => message.startsWith('Debugger listening'));
  const last = printed.at(-1);
  assert.equal(last?.source, LogSource.STDERR);
  assert.equal(last?.severity, Severity.WARNING);
  assert.equal(last?.epoch, 1n);
  process.kill(status?.processId ?? 0, 'SIGKILL');
  const broken = await until(again, ({ reason, epoch }) => reason === 'RUNNING' && epoch === 2n);
  assert.ok(broken.some(({ reason }) => reason === 'RUNNER_EXITED'));
  await tasks.stopTask({ name });
  const rest = await until(again, () => false);
  assert.equal(rest.at(-1)?.reason, 'STOPPED', 'the stream ends with the execution');
  const numbers = [...begun, ...printed, ...broken, ...rest].map(({ number }) => Number(number));
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

test('a log is read over HTTP and on the command line, and goes with its task', async (t) => {
  const under = await define('logs-http');
  t.after(() => under[Symbol.asyncDispose]());
  const { service, connection } = under;
  await connection.tasks.startTask({ name });
  await under.reach('logged', [State.RUNNING]);
  await connection.tasks.stopTask({ name });
  const { token } = JSON.parse(await readFile(service.adminFile, 'utf8')) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${service.url}/v1/${newest}:tailLogs?lines=1`, { headers });
  assert.equal(answer.status, 200);
  const [row = ''] = (await answer.text()).split('\n');
  assert.equal(JSON.parse(row).result.line.reason, 'STOPPED');
  const env = { PREDICTD_URL: service.url, PREDICTD_TOKEN_FILE: service.adminFile };
  const terminal = memoryTerminal({ env });
  assert.equal(await run(['logs', 'logged', '--lines', '2', '-f'], terminal), 0);
  assert.match(terminal.written.stdout, /supervisor {2}STOP_REQUESTED: .*\n.*STOPPED: /);
  const inTasks = memoryTerminal({ env });
  assert.equal(await run(['tasks', 'logs', 'logged', '-o', 'jsonl'], inTasks), 0);
  const first = JSON.parse(inTasks.written.stdout.split('\n')[0] ?? '');
  assert.equal(first.line.reason, 'START_REQUESTED');
  const folder = join(service.data, 'logs');
  assert.equal((await readdir(folder)).length, 1);
  await connection.tasks.deleteTask({ name });
  assert.deepEqual(await readdir(folder), []);
});
