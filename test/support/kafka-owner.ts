import { startKafka } from '../../src/demo/local-kafka.js';

// Run as a process that a test kills: starts a broker, says what it started and then only waits.
const kafka = await startKafka();
process.stdout.write(`${JSON.stringify({ pid: kafka.pidOf(), directory: kafka.directory })}\n`);
setInterval(() => undefined, 60_000);
