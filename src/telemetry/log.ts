import { type Logger, pino } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

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
