import type { Environment } from '../config.js';

/**
 * Ends this process like SIGTERM does when npx, which started it, has ended. A signal to npx ends npx
 * and its shell, and the shell passes nothing on: the service would run on without anybody knowing.
 */
export function endWithNpx(env: Environment): void {
  if (env.npm_lifecycle_event !== 'npx') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    // Once: the second SIGTERM would cut the draining short.
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** Nobody waits longer than this for a port or a data directory to be free again. */
const CHECK_EVERY_MS = 200;
