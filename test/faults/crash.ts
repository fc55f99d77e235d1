import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKafka } from '../../src/demo/local-kafka.js';
import { seededRandom } from '../domain/simulation.js';
import { crashRun } from '../main-job/crash-run.js';
import { testKafka } from '../support/kafka.js';

const records = 200_000;
const kills = ['runner', 'runner', 'service', 'runner', 'service', 'runner'] as const;
const seed = Number(process.env.PREDICTD_SEED ?? Date.now());
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const kafka = await startKafka();
const data = await mkdtemp(join(tmpdir(), 'predictd-crash-'));
try {
  say(`${records} records, 4 partitions, seed ${seed}`);
  const result = await crashRun({
    kafka: testKafka(kafka.bootstrapServers),
    data,
    records,
    partitions: 4,
    kills,
    random: seededRandom(seed),
    note: say,
  });
  const recovery = result.recoveryMs.map((ms) => Math.round(ms)).join(',');
  say('records\tout\tlost\tdoubled\tout_of_order\tkills\trecovery_ms\tseconds');
  const { counters, lost, doubled, outOfOrder, elapsedMs } = result;
  const seconds = (elapsedMs / 1_000).toFixed(1);
  say(
    [records, counters.out, lost, doubled, outOfOrder, kills.length, recovery, seconds].join('\t'),
  );
  process.exitCode = lost + doubled + outOfOrder === 0 && counters.out === records ? 0 : 1;
} finally {
  await kafka.stop();
  await rm(data, { recursive: true, force: true });
}
