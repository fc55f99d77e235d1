import { CommandError } from './exit-code.js';

/** The value of a flag, read by one of the settings' readers. Throws a usage error that names the flag. */
export function readFlag<T>(flag: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    throw new CommandError(`${flag}: ${error instanceof Error ? error.message : error}`);
  }
}

/** The value of a flag that may be missing. */
export function readFlagIfGiven<T>(
  flag: string,
  text: string | undefined,
  read: (text: string) => T,
): T | undefined {
  return text === undefined ? undefined : readFlag(flag, text, read);
}
