/** The two forms in which times are written. Neither says its zone. */
export interface Dates {
  /** `Sep 28, 2018 6:44:56 PM`, in English whatever the machine speaks. */
  medium(ms: number): string;
  /** `2012-07-06 18:19:09.0`: one to three digits of fraction, without zeros at the end but one. */
  timestamp(ms: number): string;
}

/** Writes times in a zone. Throws a RangeError if there is no such zone. */
export function createDates(timeZone: string): Dates {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Only the numbers are taken: the texts of Intl differ between versions by commas and narrow spaces.
  const partsOf = (ms: number): Parts => {
    const found = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? 0;
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
    };
  };
  return {
    medium: (ms) => medium(partsOf(ms)),
    timestamp: (ms) => `${timestamp(partsOf(ms))}.${fraction(ms)}`,
  };
}

interface Parts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function medium({ year, month, day, hour, minute, second }: Parts): string {
  const time = `${hour % 12 || 12}:${padded(minute)}:${padded(second)}`;
  return `${months[month - 1]} ${day}, ${year} ${time} ${hour < 12 ? 'AM' : 'PM'}`;
}

function timestamp({ year, month, day, hour, minute, second }: Parts): string {
  const date = `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
  return `${date} ${padded(hour)}:${padded(minute)}:${padded(second)}`;
}

function padded(value: number, digits = 2): string {
  return String(value).padStart(digits, '0');
}

function fraction(ms: number): string {
  const digits = padded(((ms % 1_000) + 1_000) % 1_000, 3);
  return digits.replace(/0{1,2}$/, '');
}
