import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogLevel } from '../../gen/ts/predictd/v1/admin_service_pb.js';
import { SaslMechanism } from '../../gen/ts/predictd/v1/task_pb.js';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from '../cli/memory-terminal.js';
import { eventually } from '../support/eventually.js';
import { serviceUnderTest } from './service-under-test.js';

interface Line {
  readonly msg: string;
  readonly level: number;
  readonly procedure?: string;
  readonly requestId?: string;
  readonly user?: string;
  readonly resource?: string;
  readonly code?: string;
  readonly task?: string;
  readonly reason?: string;
}

test('the log level changes while the service runs, and lines say what they are about', async (t) => {
  // Nothing is connected to: no task runs.
  const under = await serviceUnderTest({
    brokers: '127.0.0.1:9092',
    flags: ['--log-level', 'warn'],
  });
  t.after(() => under[Symbol.asyncDispose]());
  const { admin, tasks } = under.connection;
  const lines = () =>
    under.service
      .talk()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  const calls = (method: string) =>
    lines().filter(({ msg, procedure }) => msg === 'call' && procedure?.endsWith(`/${method}`));
  await under.upload('iris');
  assert.deepEqual(await admin.getLogLevel({}).then(({ level }) => level), LogLevel.WARN);
  assert.deepEqual(calls('UploadModel'), [], 'nothing at level warn');

  const cli = memoryTerminal({
    env: { PREDICTD_URL: under.service.url, PREDICTD_TOKEN_FILE: under.service.adminFile },
  });
  assert.equal(await run(['log-level', 'debug'], cli), 0);
  assert.equal(await run(['log-level'], cli), 0);
  assert.match(cli.written.stdout, /^debug$/m);
  const json = memoryTerminal({ env: cli.env });
  assert.equal(await run(['log-level', '-o', 'json'], json), 0);
  assert.deepEqual(JSON.parse(json.written.stdout), { level: 'LOG_LEVEL_DEBUG' });
  const { PLAIN } = SaslMechanism;
  const sasl = { mechanism: PLAIN, username: 'u', password: 'planted-secret' };
  await under.define('t', { topic: 'in', sasl });
  const name = 'users/admin/tasks/t';
  await tasks.getTask({ name }, { headers: { 'x-request-id': 'mine-1' } });
  await assert.rejects(tasks.getTask({ name: `${name}-none` }));
  await eventually(() => calls('GetTask').length >= 2, {
    deadlineMs: 10_000,
    what: 'lines of two calls',
  });
  const [right, wrong] = calls('GetTask');
  assert.deepEqual(
    [right?.requestId, right?.user, right?.resource, right?.code],
    ['mine-1', 'admin', name, 'ok'],
  );
  assert.equal(wrong?.code, 'not_found');
  const event = lines().find(({ msg, reason }) => msg === 'event' && reason === 'CREATED');
  assert.equal(event?.task, name);
  assert.doesNotMatch(under.service.talk(), /planted-secret/);

  await admin.setLogLevel({ level: LogLevel.SILENT });
  const before = lines().length;
  await tasks.getTask({ name });
  assert.equal(lines().length, before);
});
