import { TaskService } from '../../../gen/ts/kandasearch/v1/task_service_pb.js';
import { TokenService } from '../../../gen/ts/kandasearch/v1/token_service_pb.js';
import type { Dialect } from '../dialect.js';
import { authenticateByForm, authenticateByToken } from './auth.js';
import { kandasearchApi } from './documentation.js';
import { kandasearchRepresentation } from './representation.js';
import { type RpcDeps, taskService, tokenService } from './rpc.js';
import { createSessionTokens, type SessionTokenDeps } from './session-tokens.js';

/** What KandaSearch's API is served from. */
export interface KandasearchDeps
  extends SessionTokenDeps,
    Pick<RpcDeps, 'service' | 'receiveFile'>,
    Pick<Parameters<typeof authenticateByForm>[0], 'authenticator'> {}

/** KandaSearch's Task API and its authentication. */
export function createKandasearch(deps: KandasearchDeps): Dialect {
  const tokens = createSessionTokens(deps);
  const { authenticator } = deps;
  const representation = kandasearchRepresentation((call) =>
    call.route?.method.parent === TokenService
      ? authenticateByForm({ authenticator }, call)
      : authenticateByToken({ authenticator, tokens }, call),
  );
  return {
    name: 'kandasearch',
    register(router) {
      router.service(TaskService, taskService(deps));
      router.service(TokenService, tokenService(tokens));
    },
    representations: [
      { service: TaskService, representation },
      { service: TokenService, representation },
    ],
    documentation: kandasearchApi,
  };
}
