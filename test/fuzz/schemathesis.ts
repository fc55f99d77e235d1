import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';
import { command } from '../sdk/command.js';
import { pythonEnvironment } from '../sdk/plugins.js';
import type { FuzzTarget } from './targets.js';
import type { FuzzWorld } from './world.js';

/** What an answer must be; whether a request is refused for its values is for the domain to know. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
  'allow_header_conformance',
];

/** Slower than any call here: what takes longer hangs. */
const REQUEST_SECONDS = 30;
const EXAMPLES = 500;

/** Calls a service by a document for some seconds. Resolves to the sums; rejects with the report of what was found. */
export async function fuzz(
  world: FuzzWorld,
  target: FuzzTarget,
  { seconds, seed }: { readonly seconds: number; readonly seed: number },
): Promise<string> {
  const python = await pythonEnvironment('fuzz', join('test', 'fuzz', 'requirements.txt'));
  const folder = await mkdtemp(join(tmpdir(), 'predictd-fuzz-'));
  try {
    const settings = join(folder, 'schemathesis.toml');
    await writeFile(settings, settingsOf(world, target));
    const args = ['-m', 'schemathesis.cli', '--config-file', settings, 'run'];
    const how = ['--seed', `${seed}`, '--max-time', `${seconds}`, '--no-color'];
    const report = await command(python, [...args, world.url + target.document, ...how], {
      cwd: folder,
      env: { FUZZ_SECRET_KEY: world.secretKey, FUZZ_USER: 'admin' },
      deadlineMs: (seconds * 3 + 120) * 1_000,
    });
    return sumsOf(report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The settings in TOML, whose strings are those of JSON. */
function settingsOf({ url }: FuzzWorld, target: FuzzTarget): string {
  const text = (value: unknown) => JSON.stringify(value);
  const known = Object.entries(target.known);
  const headers = Object.entries(target.headers);
  return [
    `base-url = ${text(url)}`,
    `request-timeout = ${REQUEST_SECONDS}`,
    'continue-on-failure = true',
    ...(target.signed ? [`hooks = ${text(join(packageRoot(), 'test', 'fuzz', 'sign.py'))}`] : []),
    '[generation]',
    `max-examples = ${EXAMPLES}`,
    '[phases.examples]\nenabled = true',
    '[phases.stateful]\nenabled = false',
    '[checks]\nenabled = false',
    ...CHECKS.filter((check) => !target.leftOut?.includes(check)).map(
      (check) => `[checks.${check}]\nenabled = true`,
    ),
    '[headers]',
    ...headers.map(([name, value]) => `${text(name)} = ${text(value)}`),
    ...known.map(([name, values]) => `[dictionaries.${text(name)}]\nvalues = ${text(values)}`),
    '[parameters]',
    ...known.map(([name]) => `${text(name)} = { dictionary = ${text(name)}, probability = 0.5 }`),
    ...(target.operations ?? []),
  ].join('\n');
}

/** `1234 generated, 1234 passed`, from the end of the report. */
function sumsOf(report: string): string {
  const operations = /Tested: (\d+)/.exec(report)?.[1] ?? '?';
  const cases = /Test cases:\s+(.+)/.exec(report)?.[1] ?? 'no sums in the report';
  return `${operations} operations, ${cases.trim()}`;
}
