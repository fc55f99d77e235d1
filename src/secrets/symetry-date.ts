/**
 * Reads a `sym-date`: `yyyy-MM-dd HH:mm:ss` in UTC, with `;` and nanoseconds behind it in newer clients. Answers
 * milliseconds since 1970, or undefined if it is no such date.
 */
export function parseSymDate(text: string): number | undefined {
  const groups = pattern.exec(text)?.groups;
  if (!groups) return undefined;
  const { date = '', time = '', nanoseconds = '0' } = groups;
  const seconds = Date.parse(`${date}T${time}Z`);
  // Parsers roll days that a month does not have over into the next one.
  if (Number.isNaN(seconds) || formatUtc(seconds) !== `${date} ${time}`) return undefined;
  return seconds + Number(nanoseconds) / 1_000_000;
}

/** Whether a date lies in the documented window around now: 5 minutes behind to 1 minute ahead. */
export function isInWindow(date: number, now: number): boolean {
  return now - date <= behindMsMax && date - now <= aheadMsMax;
}

/** Writes a time as `yyyy-MM-dd HH:mm:ss` in UTC. */
export function formatUtc(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

const behindMsMax = 300_000;
const aheadMsMax = 60_000;

const pattern =
  /^(?<date>\d{4}-\d{2}-\d{2}) (?<time>\d{2}:\d{2}:\d{2})(?:;(?<nanoseconds>\d{1,9}))?$/;
