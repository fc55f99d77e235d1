import {
  type Client,
  Code,
  ConnectError,
  createClient,
  type Interceptor,
} from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-web';
import { DeadLetterService } from '../../../gen/ts/predictd/v1/dead_letter_service_pb.js';
import { ExecutionService } from '../../../gen/ts/predictd/v1/execution_service_pb.js';
import { ModelService } from '../../../gen/ts/predictd/v1/model_service_pb.js';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { type User, UserService } from '../../../gen/ts/predictd/v1/user_service_pb.js';
import { refuse, session } from './session.js';

/** A call that is not answered in this time has failed; streams have none. */
const callTimeoutMs = 30_000;

/** Sends the session's credentials, and ends the session when they are refused. */
export const credentials: Interceptor = (next) => async (req) => {
  const mine = session.value;
  if (mine) req.header.set('authorization', mine.authorization);
  try {
    return await next(req);
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.Unauthenticated) refuse(mine);
    throw error;
  }
};

/** How every transport reaches the service that this page came from. */
export const reach = {
  baseUrl: location.origin,
  useBinaryFormat: true,
  defaultTimeoutMs: callTimeoutMs,
  // Else the browser itself asks for a password when ours is refused.
  fetch: (input: RequestInfo | URL, init?: RequestInit) =>
    fetch(input, { ...init, credentials: 'omit' }),
};

const transport = createConnectTransport({ ...reach, interceptors: [credentials] });

export const tasks: Client<typeof TaskService> = createClient(TaskService, transport);
export const executions: Client<typeof ExecutionService> = createClient(
  ExecutionService,
  transport,
);
export const deadLetters: Client<typeof DeadLetterService> = createClient(
  DeadLetterService,
  transport,
);
export const models: Client<typeof ModelService> = createClient(ModelService, transport);

/** Who these credentials are of; throws what the service answers. */
export function whoIs(authorization: string): Promise<User> {
  const headers = { authorization };
  return createClient(UserService, createConnectTransport(reach)).getUser(
    { name: 'users/me' },
    { headers },
  );
}
