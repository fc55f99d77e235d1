import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { Interceptor } from '@connectrpc/connect';
import type { Log } from '../telemetry/log.js';
import { codeOfError } from '../telemetry/rpc-code.js';
import { callerKey } from './caller.js';
import { requestIdKey } from './server/request-id.js';

/** What is known of a call, for any line that is about it. */
export function callFields(req: Parameters<ReturnType<Interceptor>>[0]): object {
  const { contextValues, service, method, message } = req;
  const user = contextValues.get(callerKey)?.name;
  return {
    requestId: contextValues.get(requestIdKey),
    procedure: `${service.typeName}/${method.name}`,
    ...(user === undefined ? {} : { user }),
    ...('name' in message && isName(message.name) ? { resource: message.name } : {}),
    ...('parent' in message && isName(message.parent) ? { parent: message.parent } : {}),
  };
}

/**
 * Logs each call when it is answered: calls that change something at level info, others at level debug. Of a stream, its
 * beginning is told. Nothing of what was asked but the names is in the line.
 */
export function callLog(log: Log): Interceptor {
  return (next) => async (req) => {
    const startedAt = performance.now();
    const told = (code: string) => {
      const changes = req.method.idempotency !== MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
      const level = changes ? 'info' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      const ms = Math.round(performance.now() - startedAt);
      log[level]({ ...callFields(req), code, ms }, 'call');
    };
    try {
      const res = await next(req);
      told('ok');
      return res;
    } catch (error) {
      told(codeOfError(error));
      throw error;
    }
  };
}

/** A name that a caller made up is no place for a story. */
const nameCharsMax = 300;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= nameCharsMax;
}
