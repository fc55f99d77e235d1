import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toolOutput } from './tool-output.js';

const FORMAT_DEADLINE_MS = 60_000;
const OUTPUT_TAIL_LINES = 15;

/** What every JVM of a cluster needs. */
export interface JvmSettings {
  /** Folder with the jars. */
  readonly libs: string;
  /** Folder with `guard.sh` and `log4j2.properties`. */
  readonly source: string;
  readonly heapMaxMib: number;
}

/** One running broker. It does not keep this process alive, and cannot outlive it. */
export interface BrokerProcess {
  /** The JVM, not the guard around it. */
  readonly pid: number;
  /** Whether the JVM still runs. */
  alive(): boolean;
  /** Sends a signal; waiting for the end is the caller's choice. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the JVM is gone and none of its files is written any more. */
  ended(): Promise<void>;
}

/** Prepares a broker's data folder, which must not have been formatted before. */
export async function formatStorage(
  jvm: JvmSettings,
  options: { properties: string; clusterId: string; scram: readonly string[] },
): Promise<void> {
  const scram = options.scram.flatMap((entry) => ['--add-scram', entry]);
  const target = ['--cluster-id', options.clusterId, '--config', options.properties];
  // A short life: the quick compiler alone halves its time.
  const java = [...javaArguments(jvm), '-XX:TieredStopAtLevel=1', 'kafka.tools.StorageTool'];
  const format = promisify(execFile)('java', [...java, 'format', ...target, ...scram], {
    timeout: FORMAT_DEADLINE_MS,
  });
  await format.catch((error: unknown) => {
    const text = `formatting the storage of the local Kafka failed:\n${toolOutput(error)}`;
    throw new Error(text, { cause: error });
  });
}

/** Starts a broker under a guard that kills it when this process ends, even by SIGKILL. */
export async function startBroker(
  jvm: JvmSettings,
  place: { properties: string; output: string },
): Promise<BrokerProcess> {
  const java = ['java', ...javaArguments(jvm), 'kafka.Kafka', place.properties];
  const guard = spawn('sh', [join(jvm.source, 'guard.sh'), place.output, ...java], {
    // In a session of its own, so that Ctrl-C in a terminal reaches only the process that decides.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const exited = once(guard, 'exit');
  // Nothing is ever written to it; a broken pipe shows as the guard's exit.
  guard.stdin.on('error', () => undefined);
  const pid = await firstLine(guard);
  release(guard);
  return {
    pid,
    alive: () => guard.exitCode === null && guard.signalCode === null,
    signal: (signal) => {
      process.kill(pid, signal);
    },
    ended: async () => {
      guard.ref();
      await exited;
    },
  };
}

/** The last lines a broker wrote, for an error that says why it did not start. */
export async function outputTail(output: string): Promise<string> {
  const text = await readFile(output, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-OUTPUT_TAIL_LINES).join('\n');
}

function javaArguments(jvm: JvmSettings): string[] {
  return [
    `-Xmx${jvm.heapMaxMib}m`,
    '-XX:+UseSerialGC',
    '-XX:-UsePerfData',
    `-Dlog4j2.configurationFile=${join(jvm.source, 'log4j2.properties')}`,
    '-cp',
    join(jvm.libs, '*'),
  ];
}

async function firstLine(guard: ChildProcess): Promise<number> {
  let text = '';
  for await (const chunk of guard.stdout ?? []) {
    text += String(chunk);
    if (text.includes('\n')) {
      return Number.parseInt(text, 10);
    }
  }
  throw new Error('the guard of the local Kafka ended before it started a broker');
}

function release(guard: ChildProcess): void {
  guard.unref();
  if (guard.stdin instanceof Socket) {
    guard.stdin.unref();
  }
}
