import type { FromRunner } from '../../src/runner/messages.js';

/** What a message says besides the epoch, which is that of the start. */
type Said = FromRunner extends infer One
  ? One extends unknown
    ? Omit<One, 'epoch'>
    : never
  : never;

/**
 * URL of a module that takes a runner's place in its own process: told to start it says these things, and then nothing more until
 * it is told to stop.
 */
export function scriptedRunner(says: readonly Said[]): string {
  const script = `
    const says = ${JSON.stringify(says)};
    process.on('message', ({ type, epoch }) => {
      if (type === 'start') for (const one of says) process.send({ ...one, epoch });
      if (type === 'stop') process.exit(0);
    });
    process.on('disconnect', () => process.exit(0));
    await new Promise(() => undefined);`;
  return `data:text/javascript,${encodeURIComponent(script)}`;
}
