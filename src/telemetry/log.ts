import { type Logger, pino } from 'pino';
import { type LogControl, type LogLevel, logLevels } from '../domain/log-level.js';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>;

/** Paths of fields that never reach a log, whatever object is logged. */
const secretPaths = [
  '*.password',
  '*.token',
  '*.secretKey',
  '*.authorization',
  '*.sasl',
  '*.tls.key',
  'headers.authorization',
];

/** JSON lines on stderr, so that stdout stays for data. */
export function createLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: secretPaths },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** How much this logger logs. A change is told, whatever the level. */
export function logControlOf(log: Logger): LogControl {
  const level = () => logLevels.find((one) => one === log.level) ?? 'info';
  return {
    level,
    setLevel(next: LogLevel) {
      const before = level();
      log.level = 'info';
      log.info({ before, level: next }, 'the log level was changed');
      log.level = next;
    },
  };
}
