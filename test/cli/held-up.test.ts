import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../../src/cli/run.js';
import { startLocalService } from '../../src/demo/local-service.js';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';
import { memoryTerminal } from './memory-terminal.js';

const definition = JSON.stringify({
  spec: {
    source: { topic: 'in' },
    sink: { topic: 'out' },
    predictor: { onnx: { model: 'iris' } },
  },
});
const why = 'KAFKA_UNREACHABLE: .*ECONNREFUSED';

test('a task whose broker does not answer says so wherever its state is shown', async () => {
  await using service = await startLocalService({ brokers: '127.0.0.1:1' });
  const env = { PREDICTD_URL: service.url, PREDICTD_TOKEN_FILE: service.adminFile };
  const predictd = async (args: readonly string[], input = '') => {
    const terminal = memoryTerminal({ env, input });
    return { code: await run(args, terminal), ...terminal.written };
  };
  await predictd(['models', 'upload', 'iris', fixturePath('iris.onnx')]);
  await predictd(['tasks', 'create', 'iris', '-f', '-'], definition);

  const terminal = memoryTerminal({ env });
  const waiting = run(['tasks', 'start', 'iris', '--wait'], terminal);
  const told = new RegExp(`iris STARTING .*, ${why}`);
  await eventually(() => told.test(terminal.written.stderr), { deadlineMs: 60_000 });
  terminal.interrupt.abort();
  assert.equal(await waiting, 130);

  const { stdout: list } = await predictd(['tasks', 'list']);
  assert.match(list, new RegExp(`^iris +STARTING .* ${why}`, 'm'));
  const { stdout: one } = await predictd(['tasks', 'get', 'iris']);
  assert.match(one, /^State +STARTING, KAFKA_UNREACHABLE$/m);
  assert.match(one, /^Message +.*ECONNREFUSED/m);
  const { stdout: changes } = await predictd(['watch', '-o', 'table', '--timeout', '1s']);
  assert.match(changes, told);
  const { stdout: findings } = await predictd(['doctor', 'iris']);
  assert.match(findings, new RegExp(`^task +warning +STARTING, ${why}`, 'm'));
});
