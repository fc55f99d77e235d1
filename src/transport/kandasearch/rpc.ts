import type { ServiceImpl } from '@connectrpc/connect';
import type {
  ExecuteCommandRequest,
  TaskService,
} from '../../../gen/ts/kandasearch/v1/task_service_pb.js';
import type { TokenService } from '../../../gen/ts/kandasearch/v1/token_service_pb.js';
import type { ModelFiles } from '../../domain/ports.js';
import type { Service } from '../../service/create-service.js';
import { assertRole } from '../../service/roles.js';
import type { RunKey } from '../../service/single-run.js';
import { callerOf } from '../caller.js';
import { startedKey } from '../started.js';
import { type IncomingForm, readActionForm } from './action-form.js';
import { runCommand } from './actions.js';
import { creationFromMessage, keyFromMessage, taskToMessage } from './messages.js';
import { parseFailure } from './parse-failure.js';
import type { SessionTokens } from './session-tokens.js';

/** What the implementations need. */
export interface RpcDeps {
  readonly service: Service;
  /** Takes a file while the command that it came with is carried out. */
  readonly receiveFile: ModelFiles['receive'];
}

/** TaskService over the use cases. */
export function taskService({ service, receiveFile }: RpcDeps): ServiceImpl<typeof TaskService> {
  return {
    async createTask(message, context) {
      const request = creationFromMessage(message);
      return taskToMessage(await service.createSingleRun(callerOf(context), request));
    },
    async getTask(message, context) {
      return taskToMessage(await service.getSingleRun(callerOf(context), keyFromMessage(message)));
    },
    async executeCommand(messages, context) {
      const caller = callerOf(context);
      // Before a byte of the files is taken.
      assertRole(caller, 'startSingleRun');
      const { key, incoming } = await commandFromMessages(messages);
      await service.getSingleRun(caller, key);
      const form = await readActionForm(incoming, receiveFile);
      try {
        const { signal } = context;
        const { run, startedId } = await runCommand(service, caller, { key, form, signal });
        context.values.set(startedKey, startedId);
        return taskToMessage(run);
      } finally {
        await form.drop();
      }
    },
  };
}

/** TokenService. Whoever gets here has shown a password, in the form or as Basic. */
export function tokenService(tokens: SessionTokens): ServiceImpl<typeof TokenService> {
  return {
    async createToken(_message, context) {
      const token = tokens.issue(callerOf(context));
      return { contentType: 'text/plain; charset=utf-8', data: Buffer.from(token) };
    },
  };
}

async function commandFromMessages(
  messages: AsyncIterable<ExecuteCommandRequest>,
): Promise<{ readonly key: RunKey; readonly incoming: IncomingForm }> {
  const iterator = messages[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) throw parseFailure();
  const contentType = first.value.form?.contentType ?? '';
  return {
    key: keyFromMessage(first.value),
    incoming: { contentType, chunks: chunksOf(first.value, iterator) },
  };
}

async function* chunksOf(
  first: ExecuteCommandRequest,
  rest: AsyncIterator<ExecuteCommandRequest>,
): AsyncGenerator<Uint8Array> {
  yield first.form?.data ?? new Uint8Array();
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    yield next.value.form?.data ?? new Uint8Array();
  }
}
