import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { startLocalService } from '../../src/demo/local-service.js';
import { packageRoot } from '../../src/demo/package-root.js';
import { kafkaForTests, uniqueName } from '../support/kafka.js';

const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const featureNames = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];

/** The code blocks of the README's part about Kafka of one's own, by their language. */
async function blocks(language: string): Promise<string[]> {
  const readme = await readFile(join(packageRoot(), 'README.md'), 'utf8');
  const [, part = ''] = /With a Kafka of your own([\s\S]*?)\n## /.exec(readme) ?? [];
  const all = part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...all].flatMap(([, name, text = '']) => (name === language ? [text] : []));
}

test('what the README says to type works as it stands there', async (t) => {
  const kafka = await kafkaForTests();
  const folder = await mkdtemp(join(tmpdir(), 'predictd-readme-'));
  t.after(() => rm(folder, { recursive: true }));
  await symlink(join(packageRoot(), 'test'), join(folder, 'test'));
  const [definition = ''] = await blocks('yaml');
  const { source, sink, predictor } = parse(definition).spec;
  assert.deepEqual(predictor.onnx.features, featureNames);

  const topics = { in: await kafka.createTopic(), out: uniqueName('out') };
  const flower = Object.fromEntries(featureNames.map((name, index) => [name, index + 1.5]));
  await kafka.produceRecords(topics.in, [{ value: JSON.stringify(flower) }]);
  const mine = definition.replace(source.topic, topics.in).replace(sink.topic, topics.out);
  await writeFile(join(folder, 'iris.yaml'), mine);

  const [serve = '', commands = ''] = await blocks('sh');
  assert.match(serve, /^npm run build && npx predictd serve --data \.\/data --brokers \S+\n$/);
  const brokers = kafka.bootstrapServers;
  await using service = await startLocalService({ brokers, data: join(folder, 'data') });
  const typed = commands.split('\n').filter((line) => !line.startsWith('npx predictd watch'));
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-euc', `npx() { shift; "$NODE" "$MAIN" "$@"; }\n${typed.join('\n')}`],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        NODE: process.execPath,
        MAIN: main,
        PREDICTD_URL: service.url,
      },
    },
  );
  assert.match(stdout, /^ +1 +COMPLETED +100% +1 +1 /m);
  assert.match(stdout, /^rehearsal +ok /m);
  const [prediction] = await kafka.readCommitted(topics.out, { until: 1 });
  assert.deepEqual(Object.keys(JSON.parse(prediction?.value ?? '')), ['label', 'probabilities']);
});
