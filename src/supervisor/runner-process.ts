import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModelUse } from '../domain/scoring.js';
import type { Exit } from '../domain/step-input.js';
import type { FromRunner, ModelFile, StartMessage, ToRunner } from '../runner/messages.js';
import { lowerPriority } from './lower-priority.js';
import { tellLines } from './printed-lines.js';

/** What the operating system and the runner tell. Each is called in order; `exited` is the last, and comes once. */
export interface RunnerEvents {
  message(message: FromRunner): void;
  exited(exit: Exit): void;
  /** A line that the runner printed; a healthy one prints nothing. */
  output(line: string, stream: 'STDOUT' | 'STDERR'): void;
}

/** A forked runner. It ends by itself when this process does, because its channel closes. */
export interface RunnerProcess {
  readonly processId: number;
  /** Finish the micro-batch, commit, leave, exit. */
  stop(): void;
  /** Try the model out, and load it beside the active one. */
  loadModel(model: ModelFile, use: ModelUse): void;
  /** Score with a loaded model from the next micro-batches on. */
  useModel(sha256: string): void;
  /** Free a model that is not the active one. */
  dropModel(sha256: string): void;
  /** Ends it now; also works while native code spins, or when it is stopped by a signal. */
  kill(): void;
}

const entry = fileURLToPath(new URL('../runner/main.js', import.meta.url));

/** A process that is gone may have said more than was read yet; what holds its output longer is not its own. */
const lastWordsMs = 1_000;

/** Enough of its last words to see why it died. */
const outputTailChars = 8_192;
/**
 * What is printed when memory was used up. The last by Node 20, which aborts if a thread is taken down for that while it is still
 * being compiled: an assertion that its isolate is known.
 */
const outOfMemory = /heap out of memory|ERR_WORKER_OUT_OF_MEMORY|NodePlatform::ForIsolate/;

/** What a runner's process is made with. */
export interface RunnerEnvironment {
  /** The only variables that it sees: secrets stay in this process. */
  readonly variables: Readonly<Record<string, string>>;
  /** URL of a module to load first, in all threads. */
  readonly preload?: string;
}

/** Forks a runner and sends it its task. A process that cannot be made says so by `exited`. */
export function spawnRunner(
  start: StartMessage,
  events: RunnerEvents,
  environment: RunnerEnvironment,
): RunnerProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--enable-source-maps', ...preloading(environment)],
    env: { ...environment.variables },
    // A session of its own: the signals of a terminal are the service's, and the kernel weighs the two against each other.
    detached: true,
  });
  const tail = watchOutput(child, events);
  child.on('message', (message: FromRunner) => {
    // Not before: a start is waited for.
    if (message.type === 'ready') lowerPriority(child);
    events.message(message);
  });
  endOnce(child, (exit) => events.exited(exitOf(exit, tail())));
  send(child, start);
  return {
    processId: child.pid ?? 0,
    stop: () => send(child, { type: 'stop' }),
    loadModel: (model, use) => send(child, { type: 'load-model', model, use }),
    useModel: (sha256) => send(child, { type: 'use-model', sha256 }),
    dropModel: (sha256) => send(child, { type: 'drop-model', sha256 }),
    kill: () => void child.kill('SIGKILL'),
  };
}

function preloading({ preload }: RunnerEnvironment): string[] {
  return preload === undefined ? [] : ['--import', preload];
}

/** A message to a runner that just died is lost; its exit is told anyway. */
function send(child: ChildProcess, message: ToRunner): void {
  if (child.connected) child.send(message, () => undefined);
}

interface RawExit {
  readonly code: number | null;
  readonly signal: string | null;
  readonly error?: Error;
}

/** Told after the last words. A process that could not be made says `error` and never `exit`. */
function endOnce(child: ChildProcess, ended: (exit: RawExit) => void): void {
  let done = false;
  const finish = (exit: RawExit) => {
    if (done) return;
    done = true;
    ended(exit);
  };
  child.once('exit', (code, signal) => {
    const timer = setTimeout(() => finish({ code, signal }), lastWordsMs);
    child.once('close', () => {
      clearTimeout(timer);
      finish({ code, signal });
    });
  });
  // Each time: one that nobody hears would end the service.
  child.on('error', (error) => {
    if (child.pid === undefined) finish({ code: null, signal: null, error });
  });
}

function watchOutput(child: ChildProcess, events: RunnerEvents): () => string {
  let tail = '';
  const watch = (stream: 'STDOUT' | 'STDERR') => (line: string) => {
    tail = `${tail}${line}\n`.slice(-outputTailChars);
    events.output(line, stream);
  };
  if (child.stdout) tellLines(child.stdout, watch('STDOUT'));
  if (child.stderr) tellLines(child.stderr, watch('STDERR'));
  return () => tail;
}

function exitOf({ code, signal, error }: RawExit, tail: string): Exit {
  const exit = { signal: signal ?? '', ...(code === null ? {} : { exitCode: code }) };
  if (error) {
    return {
      ...exit,
      reason: 'SPAWN_FAILED',
      message: `The runner did not start: ${error.message}.`,
    };
  }
  if (outOfMemory.test(tail)) {
    return { ...exit, reason: 'OUT_OF_MEMORY', message: 'The runner used up its memory.' };
  }
  if (signal === 'SIGABRT' || signal === 'SIGSEGV' || code === 134) {
    const how = signal ?? `exit code ${code}`;
    return { ...exit, reason: 'MODEL_CRASHED', message: `Native code broke the runner (${how}).` };
  }
  return { ...exit, reason: '', message: '' };
}
