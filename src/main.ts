#!/usr/bin/env node
import { endWithNpx } from './cli/npx-parent.js';
import { run } from './cli/run.js';
import { environment } from './config.js';

/** Asked for by the first caller: `serve` has its own way with signals. */
let interrupt: AbortController | undefined;

function interruption(): AbortSignal {
  if (interrupt === undefined) {
    const controller = new AbortController();
    const stop = () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    };
    // A closed window and a polite kill leave things as clean as Ctrl-C does.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
    interrupt = controller;
  }
  return interrupt.signal;
}

// Whoever reads the data, such as `head`, may have had enough: that is no failure.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
  process.exit(1);
});

const { stdin, stdout, stderr } = process;
const env = environment();
endWithNpx(env);
process.exitCode = await run(process.argv.slice(2), {
  stdin,
  stdout,
  stderr,
  env,
  interruption,
  now: Date.now,
});
// Something half read, such as a terminal, must not keep a finished command.
stdin.unref?.();
