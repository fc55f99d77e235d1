import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../src/demo/package-root.js';
import { DomainError, type ErrorCode, errorCatalogue } from '../src/domain/errors.js';
import { codes, toConnectError } from '../src/transport/errors.js';
import { codeName, httpStatusOf } from '../src/transport/rest/errors.js';

const root = packageRoot();
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const linesMax = 400;
const readmeLinesMax = 180;

/** What the listener and the REST engine have in common, neither of them knowing the other. */
const sharedByHttp = ['accept', 'call-end', 'cors', 'gzip'].map((file) => `transport/${file}`);

/** What each room may import of ours, besides itself. Files directly in `src` may import everything. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  telemetry: ['domain'],
  secrets: ['domain'],
  store: ['domain', 'secrets'],
  service: ['domain', 'secrets'],
  supervisor: ['domain', 'telemetry', 'runner/messages'],
  kafka: ['domain'],
  predict: ['domain', 'kafka', 'secrets'],
  runner: ['domain', 'predict', 'kafka', 'telemetry/tracing'],
  'transport/rest': ['gen', ...sharedByHttp],
  'transport/server': ['gen', ...sharedByHttp],
  'transport/openapi': ['gen', 'transport/rest', 'transport/server'],
  transport: ['domain', 'service', 'secrets', 'gen', 'telemetry'],
  doctor: ['kafka', 'store'],
  cli: ['gen', 'config', 'domain', 'doctor', 'reset-offline', 'serve', 'store'],
  demo: ['cli', 'gen', 'domain'],
  ui: ['gen', 'cli/hindrance'],
};

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(folder, path));
}

function roomOf(path: string): string | undefined {
  const inSrc = relative('src', path);
  const [first, second] = inSrc.split('/');
  if (first === 'transport' && `${first}/${second}` in rooms) return `${first}/${second}`;
  return inSrc.includes('/') ? first : undefined;
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)].map(([, target = '']) =>
    relative(root, resolve(root, dirname(path), target)),
  );
}

test('each room imports only what the architecture allows', () => {
  const wrong: string[] = [];
  for (const path of sources('src')) {
    const room = roomOf(path);
    if (room === undefined) continue;
    const allowed = [room, ...(rooms[room] ?? [])];
    for (const target of importsOf(path)) {
      const place = target.startsWith('gen/') ? 'gen' : relative('src', target);
      const fits = allowed.some(
        (one) => place === one || place.startsWith(`${one}/`) || place.startsWith(`${one}.`),
      );
      if (!fits) wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('no file of src is too long to read at once', () => {
  const long = sources('src').filter(
    (path) => readFileSync(join(root, path), 'utf8').split('\n').length > linesMax + 1,
  );
  assert.deepEqual(long, []);
});

test('only the settings read the environment', () => {
  const readers = sources('src').filter(
    (path) =>
      !path.startsWith('src/demo') &&
      readFileSync(join(root, path), 'utf8').includes('process.env'),
  );
  assert.deepEqual(readers, ['src/config.ts']);
});

test('the README is short and lists every error with its codes', () => {
  assert.ok(readme.split('\n').length <= readmeLinesMax + 1, 'at most 180 lines');
  const rows = [...readme.matchAll(/^\| ([A-Z_]+) \((\d+)\) \| (.+) \|$/gm)];
  const listed = new Map<string, string>();
  for (const [, name = '', status = '', cell = ''] of rows) {
    for (const [, reason = ''] of cell.matchAll(/`([A-Z_]+)`/g))
      listed.set(reason, `${name} ${status}`);
  }
  const real = (Object.keys(errorCatalogue) as ErrorCode[]).map((reason): [string, string] => {
    const error = toConnectError(new DomainError(reason));
    assert.equal(error.code, codes[reason]);
    return [reason, `${codeName(error.code)} ${httpStatusOf(error)}`];
  });
  assert.deepEqual(new Map([...listed].sort()), new Map(real.sort()));
});
