import { startFastify, startOurs } from './contestants.js';

/**
 * One server in a process of its own: `ours` or `fastify`, and `whole` for all that a service does with a call. Answers
 * each message with the CPU time that it took so far, in microseconds.
 */
const [kind, extent] = process.argv.slice(2);
const isWhole = extent === 'whole';
process.send?.({ url: await (kind === 'fastify' ? startFastify(isWhole) : startOurs(isWhole)) });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuUs: user + system });
});
process.once('disconnect', () => process.exit());
