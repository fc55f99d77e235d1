import { readFile } from 'node:fs/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { State } from '../../gen/ts/predictd/v1/state_pb.js';
import type { SourceSchema, Task } from '../../gen/ts/predictd/v1/task_pb.js';
import { type Connection, connect } from '../../src/cli/connection.js';
import {
  type LocalService,
  type LocalServiceOptions,
  startLocalService,
} from '../../src/demo/local-service.js';
import { eventually } from '../support/eventually.js';
import { fixturePath } from '../support/fixtures.js';

/** The real service with the admin's connection to it. Dispose it to end both. */
export interface ServiceUnderTest extends AsyncDisposable {
  readonly service: LocalService;
  readonly connection: Connection;
  /** Uploads a test model under its own name. */
  upload(model: string): Promise<void>;
  /** Defines a task that scores a source with `iris`, into its topic's name with `-out`. */
  define(task: string, source: SourceOfTopic): Promise<void>;
  /** Waits until the task is in one of the states, and answers it. */
  reach(task: string, states: readonly State[], deadlineMs?: number): Promise<Task>;
}

type SourceOfTopic = MessageInitShape<typeof SourceSchema> & { readonly topic: string };

const reachMs = 30_000;

/** Starts the service and signs in as its admin. */
export async function serviceUnderTest(options: LocalServiceOptions): Promise<ServiceUnderTest> {
  const service = await startLocalService(options);
  const connection = connect({ url: service.url, tokenFile: service.adminFile }, {});
  return {
    service,
    connection,
    upload: (model) => upload(connection, model),
    async define(taskId, source) {
      const spec = {
        source,
        sink: { topic: `${source.topic}-out` },
        predictor: { kind: { case: 'onnx', value: { model: 'iris' } } },
      } as const;
      await connection.tasks.createTask({ parent: 'users/admin', taskId, task: { spec } });
    },
    reach: (task, states, deadlineMs = reachMs) =>
      eventually(
        async () => {
          const found = await connection.tasks.getTask({ name: taskName(task) });
          return states.includes(found.status?.state ?? 0) && found;
        },
        { deadlineMs, what: `${task} in one of the states ${states.join(', ')}` },
      ),
    async [Symbol.asyncDispose]() {
      connection.close();
      await service[Symbol.asyncDispose]();
    },
  };
}

/** The resource name of one of the admin's tasks. */
export function taskName(task: string): string {
  return `users/admin/tasks/${task}`;
}

async function upload({ models }: Connection, model: string): Promise<void> {
  const data = await readFile(fixturePath(`${model}.onnx`));
  const content = { data, contentType: 'application/octet-stream' };
  await models.uploadModel(
    (async function* chunks() {
      yield { parent: 'users/admin', modelId: model, content };
    })(),
  );
}
