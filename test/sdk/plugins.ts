import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';
import { goTool } from '../support/go-tool.js';
import { command } from './command.js';

/** Where what other languages need is installed; `gen/buf.gen.yaml` names the plugins there. */
export const sdkFolder = join(packageRoot(), '.build', 'sdk');

const GO_PLUGINS = [
  { command: 'google.golang.org/protobuf/cmd/protoc-gen-go', version: 'v1.36.12' },
  { command: 'google.golang.org/grpc/cmd/protoc-gen-go-grpc', version: 'v1.6.2' },
  { command: 'connectrpc.com/connect/cmd/protoc-gen-connect-go', version: 'v1.21.1' },
];

/** The newest whose programs are published; the messages work with every runtime of their major version. */
const JAVA_PLUGINS = [
  { name: 'protoc', artifact: 'com.google.protobuf:protoc:3.25.9' },
  { name: 'protoc-gen-grpc-java', artifact: 'io.grpc:protoc-gen-grpc-java:1.68.1' },
];

type Say = (line: string) => void;

/** Path of the interpreter of a virtual environment with `test/sdk/python/requirements.txt`. Needs Python. */
export async function pythonWithPlugins(say: Say): Promise<string> {
  say('installing the Python plugins, unless they are there');
  return pythonEnvironment('python', join('test', 'sdk', 'python', 'requirements.txt'));
}

/** Path of the interpreter of a virtual environment with what a file of the checkout lists. Needs Python. */
export async function pythonEnvironment(name: string, list: string): Promise<string> {
  const requirements = join(packageRoot(), list);
  const folder = join(sdkFolder, name);
  const stamp = join(folder, 'requirements.sha256');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  const python = join(folder, 'bin', 'python');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return python;
  await rm(folder, { recursive: true, force: true });
  await command('python3', ['-m', 'venv', folder]);
  await command(python, [...PIP_INSTALL, '-r', requirements]);
  await writeFile(stamp, wanted);
  return python;
}

/** Arguments of Python for installing packages without chatter. */
export const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];

/** Installs the plugins that write Go. Needs Go. */
export async function installGoPlugins(say: Say): Promise<void> {
  const folder = join(sdkFolder, 'go');
  await mkdir(folder, { recursive: true });
  for (const plugin of GO_PLUGINS) {
    const built = await goTool(plugin, say);
    // Copied, because the template has no place for versions; moved, because a copy in use cannot be written.
    const target = join(folder, built.slice(built.lastIndexOf('/') + 1));
    await copyFile(built, `${target}.new`);
    await rename(`${target}.new`, target);
  }
}

/** Installs protoc and the plugin that writes grpc-java. Needs Maven. */
export async function installJavaPlugins(say: Say): Promise<void> {
  for (const { name, artifact } of JAVA_PLUGINS) {
    const folder = join(sdkFolder, 'java', artifact.replaceAll(':', '-'));
    const classifier = mavenClassifier();
    const [, file = '', version = ''] = artifact.split(':');
    const program = join(folder, `${file}-${version}-${classifier}.exe`);
    if (!existsSync(program)) {
      say(`fetching ${name} with Maven`);
      const which = `-Dartifact=${artifact}:exe:${classifier}`;
      await command('mvn', [...MAVEN, 'dependency:copy', which, `-DoutputDirectory=${folder}`]);
      await chmod(program, 0o755);
    }
    await copyFile(program, join(sdkFolder, 'java', `${name}.new`));
    await rename(join(sdkFolder, 'java', `${name}.new`), join(sdkFolder, 'java', name));
  }
}

/** Options of Maven for a run without questions and chatter. */
export const MAVEN = ['--quiet', '--batch-mode'];

/** This machine in the words of those who publish programs with Maven. */
function mavenClassifier(): string {
  const system = process.platform === 'darwin' ? 'osx' : process.platform;
  return `${system}-${process.arch === 'arm64' ? 'aarch_64' : 'x86_64'}`;
}
