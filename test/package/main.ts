import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath } from '../support/fixtures.js';
import { kafkaForTests, type TestKafka, uniqueName } from '../support/kafka.js';
import { expectedFiles } from './expected-files.js';
import { type Installation, installPackage, packageFiles, packPackage } from './installation.js';

// Packs the package, installs it from the registry into an empty directory, and uses it there as somebody would who
// never saw the checkout: serve, a user, a model, a task, a restart.
//
//   npm run test:package       PREDICTD_TEST_BROKERS names a broker, or one is started

const records = 1_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

say('packing');
await using tarball = await packPackage();
assert.deepEqual(packageFiles(tarball), await expectedFiles(), 'exactly these files are packed');
say(`installing ${tarball.bytes} bytes, ${tarball.files.length} files (sqlite3 may be compiled)`);
await using installed = await installPackage(tarball.path);
const kafka = await kafkaForTests();
const topics = { source: await filledTopic(kafka), sink: uniqueName('package-out') };

say('serving on an empty data directory');
let service = await installed.serve(kafka.bootstrapServers);
const user = JSON.parse(await service.predictd('users', 'create', 'ann', '--role', 'operator'));
assert.equal(user.role, 'operator');
const asAnn = join(installed.folder, 'ann.json');
await writeFile(asAnn, JSON.stringify(user), { mode: 0o600 });

say(`predicting ${records} records`);
await writeFile(join(installed.folder, 'iris.yaml'), definition());
const ann = ['--token-file', asAnn];
await service.predictd(...ann, 'models', 'upload', 'iris', fixturePath('iris.onnx'));
await service.predictd(...ann, 'tasks', 'create', 'iris', '-f', 'iris.yaml');
const ended = JSON.parse(await service.predictd(...ann, 'tasks', 'start', 'iris', '--wait'));
assert.equal(ended.state, 'STATE_COMPLETED', JSON.stringify(ended));
assert.equal((await kafka.readCommitted(topics.sink, { until: records })).length, records);

say('starting it again');
await service.stop();
service = await installed.serve(kafka.bootstrapServers);
const { status } = JSON.parse(await service.predictd(...ann, 'tasks', 'get', 'iris'));
assert.equal(status.state, 'STATE_COMPLETED');
assert.equal(status.counters.recordsOut, String(records));
await service.stop();
await assertOnlyItsOwn(installed);
say('the package works');

async function filledTopic(cluster: TestKafka): Promise<string> {
  const topic = await cluster.createTopic({ prefix: 'package-in', partitions: 2 });
  const { rows } = JSON.parse(await readFile(fixturePath('iris.json'), 'utf8'));
  const values = Array.from({ length: records }, (_, index) => rows[index % rows.length]);
  await cluster.produceRecords(
    topic,
    values.map((features) => ({ value: JSON.stringify({ features }) })),
  );
  return topic;
}

function definition(): string {
  return JSON.stringify({
    spec: {
      source: { topic: topics.source },
      sink: { topic: topics.sink },
      predictor: { onnx: { model: 'iris' } },
      until: 'END',
    },
  });
}

/** The service may write into its data directory, and nowhere else. */
async function assertOnlyItsOwn({ folder, filesOfPackage }: Installation): Promise<void> {
  assert.deepEqual(await filesOfPackage(), packageFiles(tarball), `${folder} was written to`);
}
