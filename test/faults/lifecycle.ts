import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { serviceUnderTest, taskName } from '../main-job/service-under-test.js';
import { eventually } from '../support/eventually.js';
import { testKafka } from '../support/kafka.js';

const rounds = 5;
const name = taskName('figures');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const broker = await startKafka();
const kafka = testKafka(broker.bootstrapServers);
const under = await serviceUnderTest({ brokers: broker.bootstrapServers });
const figures = new Map<string, number[]>();
try {
  const topic = await kafka.createTopic({ partitions: 4 });
  await under.upload('iris');
  const predictor = { kind: { case: 'onnx', value: { model: 'iris' } } } as const;
  const spec = { source: { topic }, sink: { topic: `${topic}-out` }, predictor };
  const { tasks } = under.connection;
  await tasks.createTask({ parent: 'users/admin', taskId: 'figures', task: { spec } });
  for (let round = 0; round < rounds; round += 1) {
    await timed('StartTask to RUNNING', async () => {
      await tasks.startTask({ name });
      await under.reach('figures', [State.RUNNING]);
    });
    const { status } = await tasks.getTask({ name });
    const pid = status?.processId ?? 0;
    const killed = performance.now();
    process.kill(pid, 'SIGKILL');
    await eventually(
      async () => {
        const now = (await tasks.getTask({ name })).status;
        return !now?.processIsAlive || now.processId !== pid;
      },
      { deadlineMs: 10_000 },
    );
    note('kill -9 to processIsAlive=false', performance.now() - killed);
    await under.reach('figures', [State.RUNNING]);
    note('kill -9 to RUNNING again', performance.now() - killed);
    await timed('StopTask to stopped, idle', () => tasks.stopTask({ name }));
  }
  say('what\tmedian_ms\tmin_ms\tmax_ms');
  for (const [what, all] of figures) {
    const sorted = all.toSorted((a, b) => a - b).map(Math.round);
    say([what, sorted[Math.floor(rounds / 2)], sorted[0], sorted.at(-1)].join('\t'));
  }
} finally {
  await under[Symbol.asyncDispose]();
  await broker.stop();
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  note(what, performance.now() - begun);
}

function note(what: string, ms: number): void {
  figures.set(what, [...(figures.get(what) ?? []), ms]);
}
