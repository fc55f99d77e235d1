import { invalidField } from '../domain/errors.js';
import { type LogLevel, logLevels } from '../domain/log-level.js';
import type { Caller } from '../domain/user.js';
import type { Room } from './deps.js';

export interface SetLogLevelRequest {
  /** Absent if none was given. */
  readonly level: string | undefined;
}

export interface LogLevelChange {
  readonly level: LogLevel;
  readonly before: LogLevel;
}

/** Tells how much the service logs now. */
export function getLogLevel({ logControl }: Room) {
  return async (_caller: Caller, _request: unknown): Promise<LogLevel> => logControl.level();
}

/** Changes how much the service logs. INVALID_FIELD if that is no level. */
export function setLogLevel({ logControl }: Room) {
  return async (_caller: Caller, request: SetLogLevelRequest): Promise<LogLevelChange> => {
    const level = logLevels.find((one) => one === request.level);
    if (level === undefined) {
      throw invalidField('level', 'UNKNOWN', `Give one of ${logLevels.join(', ')}.`);
    }
    const before = logControl.level();
    logControl.setLevel(level);
    return { level, before };
  };
}
