/** What is logged, from most to least. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** How much the service logs; a change takes effect at once. */
export interface LogControl {
  level(): LogLevel;
  setLevel(level: LogLevel): void;
}
