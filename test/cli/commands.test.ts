import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { MessageShape } from '@bufbuild/protobuf';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { StartFrom, Until } from '../../gen/ts/predictd/v1/task_pb.js';
import type {
  CreateTaskRequestSchema,
  ListTasksRequestSchema,
  UpdateTaskRequestSchema,
} from '../../gen/ts/predictd/v1/task_service_pb.js';
import type { CreateUserRequestSchema } from '../../gen/ts/predictd/v1/user_service_pb.js';
import { Peer, token } from './peer.js';
import { runProgram, taskYaml, temporaryFile } from './program-process.js';

const peer = new Peer();
let url = '';
let taskFile = '';

before(async () => {
  url = await peer.listen();
  taskFile = await temporaryFile('iris.yaml', taskYaml);
  const created = await predictd(['tasks', 'create', 'iris', '-f', taskFile]);
  assert.equal(created.code, 0, created.stderr);
});
after(() => peer.close());

function predictd(args: readonly string[], input = '') {
  return runProgram(args, { env: signedIn(), input });
}

function signedIn() {
  return { PREDICTD_URL: url, PREDICTD_TOKEN: token };
}

function lastSeen<T>(method: string): T {
  const found = peer.seen.findLast((it) => it.method === method);
  return found?.message as T;
}

describe('users', () => {
  it('creates a user and prints the flat credentials alone on stdout', async () => {
    const { code, stdout, stderr } = await predictd([
      'users',
      'create',
      'bob',
      '--role',
      'operator',
      '-o',
      'json',
    ]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), {
      name: 'bob',
      role: 'operator',
      password: 'made-up-password',
      token: 'pd_new',
      secretKey: 'AAAAAAAAAAAAAAAAAAAAAA==',
    });
    assert.match(stderr, /shown this once/);
  });

  it('reads a password from stdin and does not print it', async () => {
    const args = ['users', 'create', 'carol', '--role', 'viewer', '--password-stdin', '-o', 'json'];
    const { code, stdout } = await predictd(args, 'correct horse battery\n');
    assert.equal(code, 0);
    assert.deepEqual(Object.keys(JSON.parse(stdout)), ['name', 'role', 'token', 'secretKey']);
    const request = lastSeen<MessageShape<typeof CreateUserRequestSchema>>('createUser');
    assert.equal(request.password, 'correct horse battery');
  });

  it('takes several projects', async () => {
    const projects = [
      '7f9c24e8-3b1c-4c52-9c1e-0d0ed1c4a2a1',
      'a0b1c2d3-3b1c-4c52-9c1e-0d0ed1c4a2a1',
    ];
    const flags = projects.flatMap((project) => ['--project', project]);
    await predictd(['users', 'create', 'dora', '--role', 'viewer', ...flags]);
    const request = lastSeen<MessageShape<typeof CreateUserRequestSchema>>('createUser');
    assert.deepEqual(request.projects, projects);
  });

  it('refuses a role that does not exist and names the nearest', async () => {
    const { code, stderr, stdout } = await predictd(['users', 'create', 'x', '--role', 'operater']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /--role: "operater" is not one of admin, operator, viewer; did you mean operator\?/,
    );
  });
});

describe('tasks', () => {
  it('sends a YAML definition whose enum values have no prefix', () => {
    const request = lastSeen<MessageShape<typeof CreateTaskRequestSchema>>('createTask');
    const spec = request.task?.spec;
    assert.equal(request.taskId, 'iris');
    assert.equal(request.parent, 'users/me');
    assert.equal(request.task?.displayName, 'Iris');
    assert.equal(spec?.until, Until.END);
    assert.equal(spec?.source?.startFrom, StartFrom.EARLIEST);
    assert.equal(spec?.batch?.maxWait?.nanos, 50_000_000);
    assert.equal(spec?.heapMin, '1024m');
  });

  it('prints every documented field of the status as json', async () => {
    const { stdout } = await predictd(['tasks', 'get', 'iris', '-o', 'json']);
    const { status } = JSON.parse(stdout);
    assert.equal(status.state, 'STATE_CREATED');
    for (const key of ['processIsAlive', 'lastError', 'lag', 'percentComplete', 'execution']) {
      assert.ok(key in status, key);
    }
    assert.deepEqual(status.counters, {
      recordsIn: '0',
      recordsOut: '0',
      recordsDeadLettered: '0',
      recordsSkipped: '0',
    });
  });

  it('creates again from what it printed as yaml', async () => {
    const { stdout } = await predictd(['tasks', 'get', 'iris', '-o', 'yaml']);
    const again = await predictd(['tasks', 'create', 'iris2', '-f', '-', '-o', 'name'], stdout);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(again.stdout, 'users/alice/tasks/iris2\n');
    assert.match(again.stderr, /left out what only the service sets: name, uid/);
  });

  it('lists all pages, in every format', async () => {
    const json = await predictd(['tasks', 'list', '-o', 'json']);
    assert.equal(JSON.parse(json.stdout).tasks.length, 2);
    const jsonl = await predictd(['tasks', 'list', '-o', 'jsonl']);
    const names = jsonl.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).name);
    assert.deepEqual(names, ['users/alice/tasks/iris', 'users/alice/tasks/iris2']);
    const table = await predictd(['tasks', 'list']);
    assert.match(table.stdout, /^NAME {3}STATE/);
    assert.match(table.stdout, /\niris {3}CREATED/);
    assert.ok(!table.stdout.includes('\u001b'));
  });

  it('passes filter, order and owner on', async () => {
    await predictd([
      'tasks',
      'list',
      '--filter',
      'state = RUNNING',
      '--order-by',
      'name desc',
      '--user',
      'bob',
    ]);
    const request = lastSeen<MessageShape<typeof ListTasksRequestSchema>>('listTasks');
    assert.equal(request.filter, 'state = RUNNING');
    assert.equal(request.orderBy, 'name desc');
    assert.equal(request.parent, 'users/bob');
    await predictd(['tasks', 'list', '--all-users']);
    assert.equal(lastSeen<{ parent: string }>('listTasks').parent, 'users/-');
  });

  it('updates exactly what stands in the file', async () => {
    await predictd(['tasks', 'update', 'iris', '-f', taskFile]);
    const request = lastSeen<MessageShape<typeof UpdateTaskRequestSchema>>('updateTask');
    assert.deepEqual(request.updateMask?.paths, ['display_name', 'labels', 'spec']);
    assert.equal(request.task?.name, 'users/me/tasks/iris');
    await predictd(['tasks', 'update', 'iris', '-f', '-'], 'labels: {a: "1"}\n');
    const part = lastSeen<MessageShape<typeof UpdateTaskRequestSchema>>('updateTask');
    assert.deepEqual(part.updateMask?.paths, ['labels']);
  });

  it('validates with exit code 1 for faults and 0 for a dry run', async () => {
    const faulty = await predictd(['tasks', 'validate', '-f', taskFile, '-o', 'json']);
    assert.equal(faulty.code, 1);
    assert.equal(JSON.parse(faulty.stdout).faults[0].field, 'spec.sink.topic');
    const dry = await predictd(['tasks', 'validate', '-f', taskFile, '--dry-run', '1']);
    assert.equal(dry.code, 0);
    assert.match(dry.stdout, /PARTITION {2}OFFSET/);
    assert.match(dry.stdout, /\{"label":1\}/);
    assert.equal(dry.stderr, 'the definition is valid\n');
    const bad = await predictd(['tasks', 'validate', '-f', taskFile, '--dry-run', '2']);
    assert.equal(bad.stderr, 'the definition is valid, but 1 of 2 records cannot be scored\n');
  });

  it('deletes without asking a script', async () => {
    await predictd(['tasks', 'create', 'gone', '-f', taskFile]);
    const { code, stdout, stderr } = await predictd(['tasks', 'delete', 'gone', '-o', 'json']);
    assert.deepEqual([code, stdout.trim()], [0, '{}']);
    assert.equal(stderr, 'deleted gone\n');
  });
});

describe('models', () => {
  it('uploads in chunks, and sends nothing twice', async () => {
    const file = await temporaryFile('big.onnx', new Uint8Array(3 * 1024 * 1024 + 5).fill(7));
    const first = await predictd(['models', 'upload', 'big', file, '-o', 'json']);
    assert.equal(first.code, 0, first.stderr);
    assert.equal(JSON.parse(first.stdout).sizeBytes, String(3 * 1024 * 1024 + 5));
    const { uploadedBytes } = peer;
    const second = await predictd(['models', 'upload', 'big', file]);
    assert.equal(second.code, 0, second.stderr);
    assert.equal(peer.uploadedBytes, uploadedBytes);
  });

  it('reports a model in use as a conflict', async () => {
    const { code, stderr } = await predictd(['models', 'delete', 'big']);
    assert.equal(code, 5);
    assert.match(
      stderr,
      /cannot delete model big: A task uses the model\. \(FAILED_PRECONDITION\)/,
    );
  });

  it('predicts rows of an array, of lines and of a file, a thousand a call', async () => {
    const array = await predictd(['models', 'predict', 'big', '-o', 'jsonl'], '[{"x":1},{"x":2}]');
    assert.equal(array.stdout, '{"label":0}\n{"label":1}\n');
    const calls = peer.seen.length;
    const lines = '{"x":1}\n'.repeat(2_500);
    const many = await predictd(['models', 'predict', 'big', '-o', 'json'], lines);
    assert.equal(JSON.parse(many.stdout).predictions.length, 2_500);
    assert.equal(peer.seen.length - calls, 3);
    const broken = await predictd(['models', 'predict', 'big'], '{"x":1}\nnope\n');
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /stdin: line 2 is no JSON object/);
  });
});

describe('executions', () => {
  it('lists and reads them', async () => {
    await predictd(['tasks', 'start', 'iris2']);
    peer.advance('users/alice/tasks/iris2', State.RUNNING, { message: 'first fetch answered' });
    const list = await predictd(['executions', 'list', 'iris2', '-o', 'json']);
    assert.equal(JSON.parse(list.stdout).executions[0].state, 'STATE_RUNNING');
    const one = await predictd(['executions', 'get', 'iris2', '1']);
    assert.match(one.stdout, /State +RUNNING/);
    const events = await predictd(['tasks', 'events', 'iris2', '-o', 'jsonl']);
    assert.match(events.stdout, /first fetch answered/);
    const bad = await predictd(['executions', 'get', 'iris2', 'x']);
    assert.equal(bad.code, 2);
  });
});

describe('failures', () => {
  it('tells every fault of a task file with its path and changes nothing', async () => {
    const calls = peer.seen.length;
    const broken = taskYaml
      .replace('format: JSON', 'fromat: JSON')
      .replace('until: END', 'until: ENDE')
      .replace('0.05s', '50')
      .replace('parallelism: 1', 'parallelism: many');
    const { code, stderr } = await predictd(['tasks', 'create', 'x', '-f', '-'], broken);
    assert.equal(code, 2);
    assert.match(stderr, /stdin has 4 faults/);
    assert.match(stderr, /spec\.source\.fromat: is no field; did you mean format\?/);
    assert.match(stderr, /spec\.until: "ENDE" is not one of STOPPED, END; did you mean END\?/);
    assert.match(stderr, /spec\.batch\.maxWait: 50 is no duration: .* such as 0\.05s/);
    assert.match(stderr, /spec\.parallelism: /);
    assert.equal(peer.seen.length, calls);
  });

  it('prints field violations of the service one a line', async () => {
    const same = taskYaml.replace('iris-out', 'iris-in');
    const { code, stderr } = await predictd(['tasks', 'create', 'x', '-f', '-'], same);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'error: cannot create task x: The request does not make sense. (INVALID_ARGUMENT)\n' +
        '  task.spec.sink.topic: Choose a topic other than the source.\n',
    );
  });

  it('ends with the documented code for each kind', async () => {
    const absent = await predictd(['tasks', 'get', 'nope']);
    assert.deepEqual([absent.code, absent.stdout], [3, '']);
    assert.match(absent.stderr, /\(NOT_FOUND, TASK_NOT_FOUND\)/);
    const taken = await predictd(['tasks', 'create', 'iris', '-f', taskFile]);
    assert.equal(taken.code, 5);
    const anonymous = await runProgram(['tasks', 'list', '--url', url]);
    assert.equal(anonymous.code, 4);
    assert.match(anonymous.stderr, /hint: set PREDICTD_TOKEN/);
    const env = { PREDICTD_URL: url, PREDICTD_TOKEN: 'pd_of_yesterday' };
    const stranger = await runProgram(['tasks', 'list'], { env });
    assert.equal(stranger.code, 4);
    assert.match(stranger.stderr, /hint: the token came from PREDICTD_TOKEN;/);
  });

  it('names the flag whose value does not make sense', async () => {
    for (const [args, said] of [
      [['tasks', 'list', '--limit', '0'], '--limit: "0" is no whole number from 1 on'],
      [['tasks', 'events', 'iris', '--after', 'x'], '--after: "x" is no whole number from 0 on'],
      [['logs', 'iris', '--lines', '-1'], '--lines: "-1" is no whole number from 0 to 10000'],
      [['tasks', 'list', '--timeout', '60d'], '--timeout: "60d" is too long'],
    ] as const) {
      const { code, stderr } = await predictd(args);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.includes(said), stderr);
    }
  });

  it('says where it looked for a service that does not run', async () => {
    const env = { PREDICTD_URL: 'http://127.0.0.1:1', PREDICTD_TOKEN: token };
    const { code, stderr } = await runProgram(['tasks', 'list'], { env });
    assert.equal(code, 6);
    assert.match(stderr, /hint: is the service running at http:\/\/127\.0\.0\.1:1\?/);
  });

  it('names the nearest command, and shows help without one', async () => {
    const wrong = await predictd(['tasks', 'strat', 'iris']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /Did you mean start\?/);
    const swapped = await predictd(['help', 'tasks', 'strat']);
    assert.match(swapped.stderr, /did you mean start\?/);
    const none = await predictd(['tasks']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /Usage: predictd tasks/);
    const option = await predictd(['tasks', 'list', '--fliter', 'x']);
    assert.equal(option.code, 2);
    assert.match(option.stderr, /Did you mean --filter\?/);
  });

  it('ends with 1 and a sentence when its data cannot be written', async () => {
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
    const script = '"$NODE" "$MAIN" version > /dev/full; echo $?';
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
      env: { ...process.env, NODE: process.execPath, MAIN: main },
    });
    assert.equal(stdout, '1\n');
    assert.match(stderr, /^error: cannot write to stdout: ENOSPC[^\n]*\n$/);
  });

  it('says why a file cannot be read', async () => {
    const { code, stderr } = await predictd(['tasks', 'create', 'x', '-f', '/does/not/exist']);
    assert.equal(code, 2);
    assert.match(stderr, /\/does\/not\/exist cannot be read: there is no such file/);
  });
});

describe('the token', () => {
  it('is read from a file, which may be admin.json, and wins over the variable', async () => {
    for (const content of [`${token}\n`, JSON.stringify({ name: 'alice', token })]) {
      const file = await temporaryFile('token', content);
      const env = { PREDICTD_TOKEN: 'wrong' };
      const args = ['--url', url, '--token-file', file, 'users', 'list'];
      assert.equal((await runProgram(args, { env })).code, 0);
    }
  });

  it('is not printed when its file holds something else', async () => {
    const file = await temporaryFile('token', 'secret words');
    const { code, stderr } = await runProgram([
      '--url',
      url,
      '--token-file',
      file,
      'users',
      'list',
    ]);
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /secret/);
  });
});

describe('completion', () => {
  it('completes commands, flags, choices and names of tasks', async () => {
    const words = async (...typed: string[]) =>
      (await predictd(['__complete', '--', ...typed])).stdout.trim().split('\n');
    assert.deepEqual(await words('ta'), ['tasks', 'targets']);
    assert.deepEqual(await words('tasks', 'st'), ['start', 'stop']);
    assert.deepEqual(await words('tasks', 'start', '--w'), ['--wait']);
    assert.deepEqual(await words('tasks', 'list', '-o', 'j'), ['json', 'jsonl']);
    assert.deepEqual(await words('users', 'create', 'x', '--role', 'v'), ['viewer']);
    assert.deepEqual(await words('users', 'res'), ['reset-credentials']);
    assert.ok((await words('users', 'reset-credentials', 'b')).includes('bob'));
  });

  it('is silent without a service', async () => {
    const env = { PREDICTD_URL: 'http://127.0.0.1:1' };
    const ended = await runProgram(['__complete', '--', 'tasks', 'get', ''], { env });
    assert.deepEqual(ended, { code: 0, stdout: '', stderr: '' });
  });

  it('works in bash', async () => {
    const { stdout } = await predictd(['completion', 'bash']);
    const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
    const script = `predictd() { "$NODE" "$MAIN" "$@"; }
${stdout}
COMP_WORDS=(predictd tasks wa); COMP_CWORD=2; _predictd; echo "\${COMPREPLY[@]}"
COMP_WORDS=(predictd tasks get iri); COMP_CWORD=3; _predictd; echo "\${COMPREPLY[@]}"`;
    const shell = await promisify(execFile)('bash', ['-c', script], {
      env: { ...process.env, ...signedIn(), NODE: process.execPath, MAIN: main },
    });
    assert.equal(shell.stdout, 'watch\niris\n');
  });

  it('has a script for each shell that is documented', async () => {
    for (const shell of ['zsh', 'fish']) {
      assert.match((await predictd(['completion', shell])).stdout, /__complete/);
    }
    assert.equal((await predictd(['completion', 'csh'])).code, 2);
  });
});
