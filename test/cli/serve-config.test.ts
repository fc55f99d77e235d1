import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Environment, type Flags, loadServeConfig, SettingsError } from '../../src/config.js';
import { runProgram, temporaryFile } from './program-process.js';

function faultsOf(flags: Flags, env: Environment = {}): readonly string[] {
  try {
    loadServeConfig(flags, env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults;
  }
  return [];
}

describe('settings', () => {
  it('have defaults for all but the data directory', () => {
    const config = loadServeConfig({ data: '/tmp/somewhere' }, {});
    assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8080 });
    assert.equal(config.dataDirectory, '/tmp/somewhere');
    assert.equal(config.tasksMax, 4);
    assert.equal(config.tls, undefined);
    assert.equal(config.reflection, true);
    assert.equal(config.allowPlainTaskInfo, false);
    assert.deepEqual(config.dialects, ['symetry', 'opentox', 'datameer', 'kandasearch']);
    assert.deepEqual(config.brokers, []);
    assert.deepEqual(config.warnings, []);
    assert.ok(Object.isFrozen(config) && Object.isFrozen(config.brokers));
    assert.deepEqual(faultsOf({}), [
      '--data: is required (or PREDICTD_DATA, or data in the config file)',
    ]);
  });

  it('take a flag over a variable over the file over the default', async () => {
    const file = await temporaryFile(
      'predictd.yaml',
      'data: /tmp/file\ntasks-max: 7\nlog-level: warn\nbrokers: [a:1, b:2]\nreflection: false\n',
    );
    const env = { PREDICTD_CONFIG: file, PREDICTD_TASKS_MAX: '8', PREDICTD_LOG_LEVEL: 'error' };
    const config = loadServeConfig({ 'tasks-max': '9' }, env);
    assert.equal(config.tasksMax, 9);
    assert.equal(config.logLevel, 'error');
    assert.equal(config.dataDirectory, '/tmp/file');
    assert.deepEqual(config.brokers, ['a:1', 'b:2']);
    assert.equal(config.reflection, false);
    assert.equal(loadServeConfig({ reflection: true }, env).reflection, true);
  });

  it('treat an empty variable as not set', () => {
    assert.equal(loadServeConfig({ data: '/tmp/x' }, { PREDICTD_TASKS_MAX: '' }).tasksMax, 4);
  });

  it('join repeated flags and commas', () => {
    const config = loadServeConfig(
      { data: '/tmp/x', 'allow-egress': ['kafka:9092,10.0.0.0/8', '[::1]:9093', 'fd00::/8'] },
      { PREDICTD_CORS_ORIGIN: 'https://a.example, https://b.example' },
    );
    assert.deepEqual(config.allowEgress, [
      { type: 'endpoint', host: 'kafka', port: 9092 },
      { type: 'network', address: '10.0.0.0', prefixLength: 8 },
      { type: 'endpoint', host: '::1', port: 9093 },
      { type: 'network', address: 'fd00::', prefixLength: 8 },
    ]);
    assert.deepEqual(config.corsOrigins, ['https://a.example', 'https://b.example']);
  });

  it('report all faults at once, each with its origin', async () => {
    const file = await temporaryFile(
      'predictd.yaml',
      'tasks-max: 0\ntask-max: 3\nbrokers: {a: 1}\n',
    );
    const flags = { config: file, listen: '8080', 'tls-cert': '/nope', 'time-zone': 'Mars' };
    const env = { PREDICTD_LOG_LEVEL: 'warning', PREDICTD_DIALECTS: 'none,opentox' };
    assert.deepEqual(faultsOf(flags, env), [
      `${file}: task-max: is no setting; did you mean tasks-max?`,
      `${file}: brokers: is neither a value nor a list of values`,
      '--listen: "8080" is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080',
      '--tls-cert: "/nope" cannot be read',
      `${file}: tasks-max: "0" is no whole number from 1 to 1000`,
      '--time-zone: "Mars" is no time zone such as Europe/Berlin or UTC',
      'PREDICTD_LOG_LEVEL: "warning" is not one of trace, debug, info, warn, error, fatal, silent; did you mean warn?',
      '--data: is required (or PREDICTD_DATA, or data in the config file)',
      '--dialects: none cannot stand with others',
      '--tls-cert: --tls-cert and --tls-key are given together or not at all',
    ]);
  });

  it('refuse what does not make sense', () => {
    const cases: readonly (readonly [string, string])[] = [
      ['listen', 'host:70000'],
      ['listen', '[nope]:1'],
      ['listen', 'http://host:1'],
      ['brokers', 'kafka'],
      ['brokers', 'kafka:0'],
      ['allow-egress', '10.0.0.0/33'],
      ['allow-egress', 'kafka'],
      ['cors-origin', 'https://a.example/path'],
      ['public-url', 'ftp://a.example'],
      ['tasks-max', '1.5'],
      ['tasks-max', ''],
      ['reflection', 'yes'],
      ['data', '/dev/null'],
      ['config', '/does/not/exist'],
    ];
    for (const [flag, value] of cases) {
      const faults = faultsOf({ data: '/tmp/x', [flag]: value });
      assert.equal(faults.length, 1, `${flag} ${value}: ${faults}`);
      assert.match(faults[0] ?? '', flag === 'config' ? /^\/does/ : new RegExp(`^--${flag}: `));
    }
  });

  it('warn when others can reach a service without TLS', async () => {
    for (const host of ['0.0.0.0', '192.168.1.5', '[::]', 'example.org']) {
      const { warnings } = loadServeConfig({ data: '/tmp/x', listen: `${host}:1` }, {});
      assert.match(warnings[0] ?? '', /unencrypted/, host);
    }
    for (const host of ['127.0.0.1', '127.1.2.3', '[::1]', 'localhost']) {
      const { warnings } = loadServeConfig({ data: '/tmp/x', listen: `${host}:1` }, {});
      assert.deepEqual(warnings, [], host);
    }
    const pem = await temporaryFile('pem', 'x');
    const flags = { data: '/tmp/x', listen: '0.0.0.0:1', 'tls-cert': pem, 'tls-key': pem };
    assert.deepEqual(loadServeConfig(flags, {}).warnings, []);
  });

  it('warn of a variable that is nearly one of ours', () => {
    const env = { PREDICTD_TASK_MAX: '3', PREDICTD_SERVICE_HOST: 'x', PREDICTD_TEST_BROKERS: 'x' };
    assert.deepEqual(loadServeConfig({ data: '/tmp/x' }, env).warnings, [
      'PREDICTD_TASK_MAX is no setting; did you mean PREDICTD_TASKS_MAX?',
    ]);
  });
});

describe('predictd serve', () => {
  it('tells all faults on stderr and ends with 2', async () => {
    const args = ['serve', '--listen', '5', '--no-reflection', '--tasks-max', 'x'];
    const { code, stdout, stderr } = await runProgram(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /3 of the settings cannot be used:\n {2}--listen: .*\n {2}--tasks-max: .*\n {2}--data: /,
    );
  });

  it('takes no flag that is for clients', async () => {
    const { code, stderr } = await runProgram(['--url', 'http://x', 'serve', '--data', '/tmp/x']);
    assert.equal(code, 2);
    assert.match(stderr, /--url is for commands that call the service/);
  });
});
