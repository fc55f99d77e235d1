import { startFastify, startOurs } from './contestants.js';

/** One server in a process of its own. Answers each message with the CPU time that it took so far, in microseconds. */
process.send?.({ url: await (process.argv[2] === 'fastify' ? startFastify() : startOurs()) });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
process.once('disconnect', () => process.exit());
