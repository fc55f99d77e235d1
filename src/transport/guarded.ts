import { createRegistry } from '@bufbuild/protobuf';
import { DomainError } from '../domain/errors.js';
import type { Caller } from '../domain/user.js';
import { assertRole, type UseCaseName } from '../service/roles.js';
import type { Authenticator } from './auth.js';
import { toConnectError } from './errors.js';
import { errorHeaders, errorToJson, httpStatusOf } from './rest/errors.js';
import { type HttpRequest, type HttpResponse, replyJson } from './server/exchange.js';
import type { PlainHandler } from './server/plain-routes.js';

/** Answers one request of a known caller. */
export type GuardedHandler = (
  caller: Caller,
  req: HttpRequest,
  res: HttpResponse,
) => void | Promise<void>;

/**
 * Lets only callers with the role of `useCase` get at a plain route. Errors of the domain are answered as the REST
 * routes answer them.
 */
export function guarded(
  authenticator: Authenticator,
  useCase: UseCaseName,
  handler: GuardedHandler,
): PlainHandler {
  return async (req, res) => {
    try {
      const { authorization = null } = req.headers;
      const address = req.socket.remoteAddress ?? '';
      const caller = await authenticator.authenticate(authorization, address);
      assertRole(caller, useCase);
      await handler(caller, req, res);
    } catch (error) {
      if (!(error instanceof DomainError) || res.headersSent) throw error;
      replyError(res, error);
    }
  };
}

const registry = createRegistry();

function replyError(res: HttpResponse, error: DomainError): void {
  const refused = toConnectError(error);
  errorHeaders(refused).forEach((value, name) => {
    res.setHeader(name, value);
  });
  replyJson(res, httpStatusOf(refused), errorToJson(refused, registry));
}
