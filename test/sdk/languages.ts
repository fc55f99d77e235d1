import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';
import type { Check } from './check.js';
import { command } from './command.js';
import { runExample } from './example.js';
import { MAVEN, PIP_INSTALL, pythonWithPlugins, sdkFolder } from './plugins.js';

const examples = join(packageRoot(), 'test', 'sdk');
const quiet = () => undefined;

/** The main job from each language, each with the SDK installed as its README says. */
export const languageChecks: readonly Check[] = [
  {
    name: 'typescript: connect',
    needs: ['npm'],
    run: async (world) =>
      runExample(world, {
        id: 'connect',
        program: process.execPath,
        args: [await jsProgram('connect')],
      }),
  },
  {
    name: 'typescript: grpc-js',
    needs: ['npm'],
    run: async (world) =>
      runExample(world, {
        id: 'grpc-js',
        program: process.execPath,
        args: [await jsProgram('grpc-js')],
      }),
  },
  {
    name: 'python: grpcio',
    needs: ['python3'],
    async run(world) {
      const program = await pythonWithSdk();
      const example = join(examples, 'python', 'example.py');
      const config = join(examples, 'python', 'mypy.ini');
      await command(program, ['-m', 'mypy', '--config-file', config, example], { cwd: sdkFolder });
      return runExample(world, { id: 'python', program, args: [example] });
    },
  },
  {
    name: 'go: connect-go',
    needs: ['go'],
    run: async (world) =>
      runExample(world, { id: 'connect-go', program: await goProgram('connect'), args: [] }),
  },
  {
    name: 'go: grpc-go',
    needs: ['go'],
    run: async (world) =>
      runExample(world, { id: 'grpc-go', program: await goProgram('grpc'), args: [] }),
  },
  {
    name: 'java: grpc-java',
    needs: ['java', 'mvn'],
    async run(world) {
      const classes = await javaClassPath();
      return runExample(world, { id: 'java', program: 'java', args: ['-cp', classes, 'Example'] });
    },
  },
  {
    name: 'rust: tonic',
    needs: ['cargo'],
    run: async (world) => runExample(world, { id: 'rust', program: await rustProgram(), args: [] }),
  },
];

const NPM_QUIET = ['--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];

let jsBuild: Promise<string> | undefined;

/** Compiles the examples once, in a package of their own that has the SDK as a dependency. */
async function jsProgram(name: string): Promise<string> {
  jsBuild ??= buildJs();
  return join(await jsBuild, 'dist', `${name}.js`);
}

async function buildJs(): Promise<string> {
  const project = await copied(join('test', 'sdk', 'js'), 'js-examples', { keep: true });
  // npm takes a package of the same version for the same package.
  await rm(join(project, 'node_modules', 'predictd-sdk'), { recursive: true, force: true });
  await command('npm', ['install', ...NPM_QUIET, '--install-links'], { cwd: project });
  await command(join(project, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: project });
  return project;
}

/** The interpreter of the plugins with the SDK installed in it. */
export async function pythonWithSdk(): Promise<string> {
  const python = await pythonWithPlugins(quiet);
  const sdk = await copied(join('gen', 'python'), 'python-sdk');
  await command(python, [...PIP_INSTALL, '--force-reinstall', '--no-deps', sdk]);
  return python;
}

async function goProgram(name: string): Promise<string> {
  const program = join(sdkFolder, 'go-examples', name);
  const cwd = join(examples, 'go');
  await command('go', ['build', '-p', '1', '-o', program, `./${name}`], { cwd });
  await command('go', ['vet', `./${name}`], { cwd });
  return program;
}

/** Builds the SDK and the example in one run of Maven, outside the sources. */
async function javaClassPath(): Promise<string> {
  const build = join(sdkFolder, 'java-build');
  const pom = join(examples, 'java', 'pom.xml');
  await command('mvn', [...MAVEN, '-f', pom, `-Dsdk.build=${build}`, 'package']);
  return [join(build, 'example', 'classes'), join(build, 'example', 'libs', '*')].join(':');
}

async function rustProgram(): Promise<string> {
  const target = join(sdkFolder, 'rust');
  const manifest = join(examples, 'rust', 'Cargo.toml');
  const cargo = ['build', '--quiet', '--locked', '--jobs', '1', '--manifest-path', manifest];
  await command('cargo', [...cargo, '--target-dir', target]);
  return join(target, 'debug', 'predictd-example');
}

/** A copy below `.build`, since installing from the sources would leave files in them. */
async function copied(source: string, name: string, { keep = false } = {}): Promise<string> {
  const target = join(sdkFolder, name);
  if (!keep) await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(join(packageRoot(), source), target, { recursive: true });
  return target;
}
