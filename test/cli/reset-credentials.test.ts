import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from './memory-terminal.js';
import { ProgramProcess, runProgram } from './program-process.js';

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'predictd-reset-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A service on a data directory, and what a person of this name needs to call it. */
async function serve(t: TestContext, data: string) {
  const args = ['serve', '--data', data, '--listen', '127.0.0.1:0'];
  const service = new ProgramProcess(args, { HOME: data });
  t.after(async () => {
    service.interrupt();
    await service.ended;
  });
  await service.until('stdout', 'listening on');
  const url = /listening on (\S+)/.exec(service.stdout)?.[1] ?? '';
  const as = (credential: Readonly<Record<string, string>>) => ({
    predictd: (words: string, input = '') =>
      runProgram(words.split(' '), {
        env: { PREDICTD_URL: url, HOME: data, ...credential },
        input,
      }),
  });
  return {
    withToken: (token: string) => as({ PREDICTD_TOKEN: token }),
    withFile: (file: string) => as({ PREDICTD_TOKEN_FILE: file }),
    stop: async () => {
      service.interrupt();
      return service.ended;
    },
  };
}

test('an admin gives a user new credentials, and everybody themselves', async (t) => {
  const data = await temporaryDirectory(t);
  const service = await serve(t, data);
  const file = join(data, 'admin.json');
  const admin = service.withFile(file);
  const made = await admin.predictd('users create alice --role operator -o json');
  const old = JSON.parse(made.stdout);

  const nameless = await admin.predictd('users reset-credentials alice -o name');
  assert.equal(nameless.code, 2);
  assert.match(nameless.stderr, /would show none of the new credentials/);
  assert.equal((await service.withToken(old.token).predictd('users get me')).code, 0);

  const reset = await admin.predictd('users reset-credentials alice -o json');
  assert.equal(reset.code, 0, reset.stderr);
  assert.equal(reset.stderr, 'the credentials are shown this once; keep them now\n');
  const alice = JSON.parse(reset.stdout);
  assert.deepEqual(Object.keys(alice), ['name', 'role', 'password', 'token', 'secretKey']);
  assert.deepEqual([alice.name, alice.role], ['alice', 'operator']);
  assert.equal((await service.withToken(old.token).predictd('users get me')).code, 4);

  const token = service.withToken(alice.token);
  const hidden = await token.predictd('users reset-credentials admin');
  assert.equal(hidden.code, 3, hidden.stderr);
  const chosen = 'users reset-credentials me --password-stdin -o json';
  const own = await token.predictd(chosen, 'correct horse battery\n');
  assert.equal(own.code, 0, own.stderr);
  assert.deepEqual(Object.keys(JSON.parse(own.stdout)), ['name', 'role', 'token', 'secretKey']);
  assert.match(own.stderr, /you are signed out: PREDICTD_TOKEN holds your old token; replace it\n/);

  const self = await admin.predictd('users reset-credentials admin -o json');
  assert.ok(self.stderr.includes(`signed out: ${file} (PREDICTD_TOKEN_FILE)`), self.stderr);
  assert.equal((await admin.predictd('users list')).code, 4);
  await writeFile(file, self.stdout);
  assert.equal((await admin.predictd('users list')).code, 0);

  const { stderr: log } = await service.stop();
  assert.match(
    log,
    /"procedure":"predictd.v1.UserService\/ResetCredentials".*"resource":"users\/alice"/,
  );
  const shown = [old, alice, JSON.parse(own.stdout), JSON.parse(self.stdout)];
  for (const secret of shown.flatMap((it) => [it.password, it.token, it.secretKey])) {
    assert.ok(secret === undefined || !log.includes(secret));
  }
  assert.ok(!log.includes('correct horse'));
});

test('a lost admin token is replaced in the data directory, once the service is stopped', async (t) => {
  const data = await temporaryDirectory(t);
  const first = await serve(t, data);
  const { token: lost } = JSON.parse(await readFile(join(data, 'admin.json'), 'utf8'));
  const offline = (words: string) =>
    runProgram(['users', 'reset-credentials', ...words.split(' ')], { env: { HOME: data } });

  const refused = await offline(`admin --data ${data} -o json`);
  assert.deepEqual([refused.code, refused.stdout], [5, '']);
  assert.match(refused.stderr, /is in use by process \d+\. Stop that service first/);
  assert.match(refused.stderr, /hint: while the service runs, an admin resets credentials without/);
  assert.equal((await first.withToken(lost).predictd('users list')).code, 0);
  await first.stop();

  const unknown = await offline(`nobody --data ${data}`);
  assert.equal(unknown.code, 3, unknown.stderr);
  assert.match(unknown.stderr, /There is no user "users\/nobody"/);
  assert.equal((await offline(`me --data ${data}`)).code, 2);
  assert.equal((await offline(`admin --data ${data} --url http://127.0.0.1:1`)).code, 2);
  const mistyped = join(data, 'mistyped');
  const nowhere = await offline(`admin --data ${mistyped}`);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /is no data directory: there is no predictd\.db in it/);
  assert.equal(existsSync(mistyped), false);

  const reset = await offline(`admin --data ${data} -o json`);
  assert.equal(reset.code, 0, reset.stderr);
  const { name, role, token } = JSON.parse(reset.stdout);
  assert.deepEqual([name, role], ['admin', 'admin']);
  const second = await serve(t, data);
  assert.equal((await second.withToken(lost).predictd('users list')).code, 4);
  assert.equal((await second.withToken(token).predictd('users list')).code, 0);
});

test('a person is asked first, and no leaves everything as it was', async (t) => {
  const data = await temporaryDirectory(t);
  const service = await serve(t, data);
  const { token } = JSON.parse(await readFile(join(data, 'admin.json'), 'utf8'));
  await service.stop();
  const asked = ['users', 'reset-credentials', 'admin', '--data', data];
  const person = memoryTerminal({ isTTY: true, input: 'n\n' });
  assert.equal(await run(asked, person), 1);
  assert.match(person.written.stderr, /Reset the credentials of admin\? \[y\/N\] /);
  assert.match(person.written.stderr, /cannot reset the credentials of admin: not confirmed/);
  assert.equal(person.written.stdout, '');
  const again = await serve(t, data);
  assert.equal((await again.withToken(token).predictd('users list')).code, 0);
  await again.stop();
  const sure = memoryTerminal({ isTTY: true });
  assert.equal(await run([...asked, '--yes'], sure), 0, sure.written.stderr);
  assert.match(sure.written.stdout, /^name +admin\n/);
});
