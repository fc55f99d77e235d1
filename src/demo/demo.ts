import { parseArgs } from 'node:util';
import { digitsStory } from './digits/story.js';
import { startKafka } from './local-kafka.js';
import { startLocalService } from './local-service.js';

const help = `Runs predictd's main job on real input: a Kafka broker, the service, and a task that reads
handwritten digits from a topic and writes what they are to another.

  npm run demo              and leave the service running until Ctrl-C
  npm run demo -- --exit    and end it

  PREDICTD_TEST_BROKERS=HOST:PORT   uses these brokers instead of starting one`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { exit: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  try {
    return await run(values.exit, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Everything that is started here is ended here, whatever happens in between. */
async function run(exit: boolean, signal: AbortSignal): Promise<number> {
  await using broker = await openBroker(signal);
  await using service = await startLocalService({ brokers: broker.address, signal });
  const right = await digitsStory({ ...service, brokers: broker.address, say, signal });
  if (!exit && !signal.aborted) {
    say(afterwards(service.url, service.adminFile));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    say('\nstopping');
  }
  return right ? 0 : 1;
}

interface Broker extends AsyncDisposable {
  readonly address: string;
}

async function openBroker(signal: AbortSignal): Promise<Broker> {
  const given = process.env.PREDICTD_TEST_BROKERS;
  if (given) {
    say(`Kafka      ${given} (given)`);
    return { address: given, [Symbol.asyncDispose]: async () => undefined };
  }
  const kafka = await startKafka({ signal, onProgress: (text) => say(`           ${text}`) });
  say(`Kafka      ${kafka.bootstrapServers}`);
  return { address: kafka.bootstrapServers, [Symbol.asyncDispose]: () => kafka.stop() };
}

function afterwards(url: string, adminFile: string): string {
  return `
The service runs until Ctrl-C. In a browser: ${url}, with the token of the file below. In another terminal, in this folder:

  export PREDICTD_URL=${url}
  export PREDICTD_TOKEN_FILE=${adminFile}
  npx predictd tasks list
  npx predictd tasks watch digits
  curl -H "Authorization: Bearer $(node -p "require('$PREDICTD_TOKEN_FILE').token")" \\
    $PREDICTD_URL/v1/users/me/tasks/digits`;
}
