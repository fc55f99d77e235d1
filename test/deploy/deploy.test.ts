import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { exitCode } from '../../src/cli/exit-code.js';
import { createProgram } from '../../src/cli/program.js';
import { serveSettings, variableOf } from '../../src/config.js';
import { startLocalService } from '../../src/demo/local-service.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { memoryTerminal } from '../cli/memory-terminal.js';

// No container engine runs here: these files are held to what can be known without one.

const folder = join(packageRoot(), 'src', 'deploy');
const file = (name: string) => readFileSync(join(folder, name), 'utf8');
const program = createProgram({
  terminal: memoryTerminal(),
  exitCode: 0,
  attempt: { action: '', url: '' },
});

/** What follows `predictd` in a text, as words; what a shell adds is cut off. */
function commandLines(text: string): string[][] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) =>
    [...line.matchAll(/(?:^|[\s`(/])predictd (?!predictd)([a-z]+[^`#|;&<>)]*)/g)].map(
      ([, words = '']) => words.trim().split(/\s+/),
    ),
  );
}

/** The command that words name, and the flags among them that it does not have. */
function strangers(words: readonly string[]): { command: Command; flags: string[] } {
  let command = program;
  for (const word of words) {
    const inner = command.commands.find((it) => it.name() === word);
    if (inner === undefined) break;
    command = inner;
  }
  const known = [...program.options, ...command.options].flatMap(({ long, short }) => [
    long,
    short,
  ]);
  const flags = words.filter((word) => /^--?[a-z]/.test(word));
  return { command, flags: flags.filter((flag) => !known.includes(flag.split('=')[0])) };
}

test('every command line in these files and in OPERATIONS.md is one that exists', () => {
  const texts = readdirSync(folder).map(file);
  const operations = readFileSync(join(packageRoot(), 'src', 'OPERATIONS.md'), 'utf8');
  const lines = [...texts, operations].flatMap(commandLines);
  assert.ok(lines.length > 10, `${lines.length} lines were found`);
  for (const words of lines) {
    const { command, flags } = strangers(words);
    assert.deepEqual(flags, [], words.join(' '));
    if (command === program) assert.fail(`no command: ${words.join(' ')}`);
  }
});

test('every variable in these files is one that serve reads', () => {
  const known = ['config', ...serveSettings.map(({ flag }) => flag)].map(variableOf);
  for (const name of readdirSync(folder)) {
    for (const [variable] of file(name).matchAll(/PREDICTD_[A-Z_]+/g)) {
      assert.ok(known.includes(variable), `${name}: ${variable}`);
    }
  }
});

test('the compose file keeps the service read-only, without rights, and on loopback', () => {
  const { services, volumes } = parse(file('compose.yaml'));
  const { predictd, kafka } = services;
  assert.deepEqual(strangers(predictd.command).flags, []);
  assert.equal(predictd.read_only, true);
  assert.deepEqual(predictd.cap_drop, ['ALL']);
  assert.equal(predictd.depends_on.kafka.condition, 'service_healthy');
  for (const port of [...predictd.ports, ...kafka.ports]) assert.match(port, /^127\.0\.0\.1:/);
  for (const volume of [...predictd.volumes, ...kafka.volumes]) {
    assert.ok(volume.split(':')[0] in volumes, volume);
  }
});

test('what the image is built of holds all that it imports', () => {
  const root = packageRoot();
  const lines = file('Dockerfile.dockerignore').trim().split('\n');
  const under = (path: string, places: readonly string[]) =>
    places.some((place) => path === place || path.startsWith(`${place}/`));
  const taken = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const leftOut = lines.filter((line) => !/^[!*]/.test(line));
  const isThere = (path: string) => under(path, taken) && !under(path, leftOut);
  const sources = ['src', 'test', 'gen']
    .flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map(
        (it) => `${top}/${it}`,
      ),
    )
    // Compiled apart, against the package of gen/js.
    .filter((path) => /\.tsx?$/.test(path) && isThere(path) && !under(path, ['test/sdk/js']));
  assert.ok(sources.length > 500, `${sources.length} sources`);
  const missing = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)]
      .map(([, target = '']) => join(dirname(path), target))
      .filter((target) => !isThere(target))
      .map((target) => `${path} imports ${target}`),
  );
  assert.deepEqual(missing, []);
});

test('the image runs as somebody and knows when the service is ready', async () => {
  const dockerfile = file('Dockerfile');
  assert.match(dockerfile, /^USER [1-9]\d*:[1-9]\d*$/m);
  const [, json = ''] =
    /^HEALTHCHECK [^[]*CMD (\[.*\])$/m.exec(dockerfile.replaceAll('\\\n', '')) ?? [];
  const [node, ...args]: string[] = JSON.parse(json);
  assert.equal(node, 'node');
  await using service = await startLocalService({ brokers: '127.0.0.1:1' });
  const check = (listen: string) =>
    promisify(execFile)(process.execPath, args, { env: { PREDICTD_LISTEN: listen } });
  await check(`0.0.0.0:${new URL(service.url).port}`);
  await assert.rejects(check('0.0.0.0:1'));
});

test('the unit is started with settings that exist and may write nowhere else', () => {
  const unit = file('predictd.service');
  const [, command = ''] = /^ExecStart=(\S+\/predictd serve .*)$/m.exec(unit) ?? [];
  const data = /--data (\S+)/.exec(command)?.[1];
  assert.match(unit, new RegExp(`^ReadWritePaths=${data}$`, 'm'));
  const refused = `RestartPreventExitStatus=${exitCode.usage}`;
  for (const line of [
    refused,
    'ProtectSystem=strict',
    'NoNewPrivileges=yes',
    'CapabilityBoundingSet=',
  ]) {
    assert.ok(unit.split('\n').includes(line), line);
  }
});
