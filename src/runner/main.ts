import { statSync } from 'node:fs';
import type { RunnerOutcome } from '../domain/runner-report.js';
import { installCodecs } from '../kafka/install-codecs.js';
import { flushSpans } from '../telemetry/tracing.js';
import type { FromRunner, StartMessage, ToRunner } from './messages.js';
import { Runner } from './runner.js';

const HEARTBEAT_MS = 1_000;
const WATCHDOG_MS = 500;
const MEBIBYTE = 1024 * 1024;
/** A loaded model, its optimised copy while loading, and its arenas. */
const MODEL_COPIES = 3;
/** Node itself, native code, and buffers that the heap limit does not count. */
const BASE_MIB = 768;

/** The entry of a runner process: the supervisor forks it and sends it one task. */
let runner: Runner | undefined;

process.on('message', (message: ToRunner) => {
  if (message.type === 'start' && !runner) begin(message);
  if (message.type === 'stop') runner?.stop();
  if (message.type === 'ping') runner?.heartbeat();
  if (message.type === 'load-model') runner?.models.load(message.model, message.use);
  if (message.type === 'use-model') runner?.models.use(message.sha256);
  if (message.type === 'drop-model') runner?.models.drop(message.sha256);
});
// Without its supervisor nobody could stop it; SIGKILL also works while native code spins.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// systemd sends these to all processes of a service; the supervisor decides what they mean.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

function begin(start: StartMessage): void {
  installCodecs({ fastCodec: start.fastCodec });
  const own = new Runner(start, say);
  runner = own;
  setInterval(() => own.heartbeat(), HEARTBEAT_MS);
  watchMemory(own, start, (message) => {
    const suspects = own.underWay;
    end(start, { type: 'failed', reason: 'OUT_OF_MEMORY', message, fatal: false, suspects });
  });
  own.run().then(
    async (outcome) => {
      own.heartbeat();
      await flushSpans();
      end(start, outcome);
    },
    (error: unknown) => {
      const message = String(error);
      end(start, { type: 'failed', reason: 'RUNNER_ERROR', message, fatal: false });
    },
  );
  own.heartbeat();
}

function say(message: FromRunner): void {
  if (process.connected) process.send?.(message);
}

/** Says the last word and goes. After a failure native code may still run, which a normal exit would wait for or abort. */
function end(start: StartMessage, outcome: RunnerOutcome): void {
  const message: FromRunner = { type: 'ended', epoch: start.epoch, outcome };
  const go = () => {
    if (outcome.type === 'failed') process.kill(process.pid, 'SIGKILL');
    else process.exit(0);
  };
  if (process.connected) process.send?.(message, undefined, {}, go);
  else go();
}

/** V8's limits do not count buffers and native memory; the process's size does. */
function watchMemory(own: Runner, start: StartMessage, exceeded: (message: string) => void): void {
  const { heapMaxMib, parallelism } = start.spec;
  const modelMib = () =>
    own.models.files.reduce((sum, { path }) => sum + modelBytes(path), 0) / MEBIBYTE;
  const timer = setInterval(() => {
    const limitMib = heapMaxMib * parallelism + MODEL_COPIES * modelMib() + BASE_MIB;
    const usedMib = process.memoryUsage.rss() / MEBIBYTE;
    if (usedMib <= limitMib) return;
    clearInterval(timer);
    const sizes = `${Math.round(usedMib)} MiB, more than the ${Math.round(limitMib)} MiB it may`;
    exceeded(`The runner used ${sizes}.`);
  }, WATCHDOG_MS);
}

function modelBytes(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    // The threads say what is wrong with the file.
    return 0;
  }
}
