// Brings a fresh clone to the point where something can be run, then runs it. Plain JavaScript
// without dependencies, because it is what installs and builds them.
//
//   node test/setup.mjs install           dependencies
//   node test/setup.mjs build             dependencies and dist/
//   node test/setup.mjs demo [ARG...]     all of that, then the demo with these arguments
//   node test/setup.mjs test [PART...]    all of that, then the test files whose path has a PART
//
// Progress goes to stderr; the exit code is that of what was run.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NODE_MIN = [20, 17];
/** Longer than any test file takes on two busy cores, shorter than a CI run may take. */
const TEST_TIMEOUT_MS = 600_000;
/** Two cores: a third file would only slow the others past their deadlines. */
const TEST_CONCURRENCY = 2;
/** Rooms of long runs, with commands of their own; a PART that names one runs it here too. */
const LONG_ROOMS = ['bench', 'faults', 'fuzz', 'sdk', 'ui', 'oip'];
const USAGE_EXIT = 2;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

process.chdir(root);
process.exitCode = await main(process.argv.slice(2));

async function main([command, ...args]) {
  assertNode();
  switch (command) {
    case 'install':
      return install();
    case 'build':
      return (await install()) || build();
    case 'demo':
      return (await install()) || (await build()) || demo(args);
    case 'test':
      return (await install()) || (await build()) || test(args);
    default:
      say('usage: node test/setup.mjs install|build|demo|test [ARGUMENT...]');
      return USAGE_EXIT;
  }
}

function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    say(`Node ${process.versions.node} is too old: ${NODE_MIN.join('.')} or newer is needed`);
    say('install it with: sudo apt-get install nodejs npm (Debian 13), or from nodejs.org');
    process.exit(1);
  }
}

/** npm writes its own copy of the lock file last, so that copy's age says what is installed. */
async function install() {
  const installed = join('node_modules', '.package-lock.json');
  if (modifiedAt(installed) >= modifiedAt('package-lock.json')) {
    return 0;
  }
  say('installing dependencies (the first time up to two minutes: sqlite3 may be compiled)');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    // The scorer would fetch libraries for graphics cards from outside npm; what is used is in the package.
    env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
  if (code !== 0) {
    say('npm ci failed; where sqlite3 is compiled, it needs a compiler, which is installed with:');
    say('sudo apt-get install npm python3 make g++');
    return code;
  }
  // npm keeps the copy as it is when nothing changed.
  const now = new Date();
  utimesSync(installed, now, now);
  return 0;
}

async function build() {
  const codes = await Promise.all([buildProgram(), buildDashboard()]);
  return Math.max(...codes);
}

async function buildProgram() {
  return unlessBuilt('.built', ['src', join('gen', 'ts'), 'test'], async () => {
    say('building');
    removeOutputsWithoutSource();
    const code = await run(process.execPath, [join('node_modules', '.bin', 'tsc'), '-p', 'test']);
    // The compiler does not keep the mode that `npx predictd` needs.
    if (code === 0) chmodSync(join(dist, 'src', 'main.js'), 0o755);
    return code;
  });
}

async function buildDashboard() {
  // The one thing that the dashboard decides as the command line does.
  const shared = join('src', 'cli', 'hindrance.ts');
  const sources = [join('src', 'ui'), shared, join('gen', 'ts'), join('proto', 'predictd')];
  return unlessBuilt(join('ui', '.built'), sources, () =>
    run(process.execPath, [join('src', 'ui', 'build.mjs')]),
  );
}

/** Runs `work` unless the stamp in `dist` is newer than all sources, and stamps if it answers 0. */
async function unlessBuilt(name, sources, work) {
  const stamp = join(dist, name);
  if (modifiedAt(stamp) > newestOf([...sources, 'package-lock.json'])) return 0;
  const startedAt = new Date();
  const code = await work();
  if (code === 0) {
    writeFileSync(stamp, '');
    // A source changed while it was built is newer than the stamp.
    utimesSync(stamp, startedAt, startedAt);
  }
  return code;
}

/** Folders count too: their time says that a file was removed. */
function newestOf(sources) {
  const paths = sources.flatMap((path) => [
    path,
    ...(statSync(path).isDirectory() ? filesBelow(path, { folders: true }) : []),
  ]);
  return Math.max(...paths.map(modifiedAt));
}

/** Else a test that was removed or renamed would still be run. */
function removeOutputsWithoutSource() {
  for (const path of existsSync(dist) ? filesBelow(dist) : []) {
    const source = relative(dist, path).replace(/\.js(\.map)?$/, '.ts');
    if (source.startsWith('ui')) continue;
    if (source.endsWith('.ts') && !existsSync(source)) {
      rmSync(path);
    }
  }
}

function demo(args) {
  const script = join(dist, 'src', 'demo', 'demo.js');
  return run(process.execPath, ['--enable-source-maps', script, ...args], { stdout: 'inherit' });
}

async function test(parts) {
  const files = testFiles(parts);
  if (files.length === 0) {
    say(`no test file has ${parts.join(' or ')} in its path`);
    return USAGE_EXIT;
  }
  const kafka = await brokerFor(files);
  try {
    const options = [
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      `--test-concurrency=${TEST_CONCURRENCY}`,
      '--test-reporter=spec',
      `--import=${pathToFileURL(join(dist, 'test', 'support', 'repeatable.js'))}`,
    ];
    const env = kafka === undefined ? {} : { PREDICTD_TEST_BROKERS: kafka.bootstrapServers };
    say(`running ${files.length} test files`);
    return await run(process.execPath, ['--enable-source-maps', '--test', ...options, ...files], {
      stdout: 'inherit',
      env,
    });
  } finally {
    await kafka?.stop();
  }
}

function testFiles(parts) {
  const tests = join(dist, 'test');
  return filesBelow(tests)
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => {
      const path = relative(tests, file);
      const isLong = LONG_ROOMS.some((room) => path.startsWith(`${room}/`));
      const wanted = isLong ? parts.filter((part) => path.startsWith(part)) : parts;
      return wanted.some((part) => path.includes(part)) || (!isLong && parts.length === 0);
    })
    .sort();
}

/** One broker for all files of the run, unless none asks for it or the caller has a cluster. */
async function brokerFor(files) {
  const asks = files.some((file) => readFileSync(file, 'utf8').includes('support/kafka.js'));
  if (!asks || process.env.PREDICTD_TEST_BROKERS) {
    return undefined;
  }
  const module = pathToFileURL(join(dist, 'src', 'demo', 'local-kafka.js'));
  const { startKafka } = await import(module.href);
  return startKafka({ onProgress: say });
}

/** Runs a command to its end; being interrupted is passed on, and its end still waited for. */
function run(command, args, { stdout = 2, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', stdout, 'inherit'],
      env: { ...process.env, ...env },
    });
    // Ctrl-C reaches the child from the terminal itself.
    const onInterrupt = () => undefined;
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
    const end = (code) => {
      process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
      resolve(code);
    };
    child.once('error', (error) => {
      say(`${command} cannot be run: ${error.message}`);
      end(1);
    });
    child.once('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function filesBelow(folder, { folders = false } = {}) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || (folders && entry.isDirectory()))
    .map((entry) => join(entry.parentPath, entry.name));
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
