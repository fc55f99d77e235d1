import type { FromRunner } from '../../src/runner/messages.js';

/** What a message says besides the epoch, which is that of the start. */
type Said = FromRunner extends infer One
  ? One extends unknown
    ? Omit<One, 'epoch'>
    : never
  : never;

/** URL of a module that takes a runner's place: `task` is the start that it was sent, `say` sends. */
export function runnerModule(onStart: string, onStop: string): string {
  const script = `
    let task;
    const say = (one) => process.send({ ...one, epoch: task.epoch });
    process.on('message', (message) => {
      if (message.type === 'start') { task = message; ${onStart} }
      if (message.type === 'stop') { ${onStop} }
    });
    process.on('disconnect', () => process.exit(0));
    await new Promise(() => undefined);`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}

/**
 * URL of a module that takes a runner's place in its own process: told to start it says these things, and then nothing more until
 * it is told to stop.
 */
export function scriptedRunner(says: readonly Said[]): string {
  return runnerModule(`for (const one of ${JSON.stringify(says)}) say(one);`, 'process.exit(0);');
}
