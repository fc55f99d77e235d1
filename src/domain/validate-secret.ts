import type { BasicDraft } from './draft.js';
import { limits } from './limits.js';
import { mask } from './mask-secrets.js';
import type { BasicCredentials } from './task.js';
import { type Place, text } from './validate-value.js';

/** Reads user and password for a server over HTTP. */
export function readBasic(
  draft: BasicDraft,
  previous: BasicCredentials | undefined,
  { faults, path }: Place,
): BasicCredentials {
  const username = draft.username ?? '';
  const userPath = `${path}.username`;
  if (username === '') faults.add(userPath, 'REQUIRED', 'Give the user name.');
  if (username.includes(':')) {
    faults.add(userPath, 'INVALID_CHARACTER', 'A user name has no colon.');
  }
  return {
    username: text(username, { faults, path: userPath, charsMax: limits.credentialCharsMax }),
    password: readPassword(draft.password, previous?.password, {
      faults,
      path: `${path}.password`,
    }),
  };
}

/** Reads a password, or keeps the one before. */
export function readPassword(
  given: string | undefined,
  previous: string | undefined,
  place: Place,
): string {
  if (!given) {
    place.faults.add(place.path, 'REQUIRED', `Give the password, or "${mask}" to keep it.`);
    return '';
  }
  const kept = keep(given, previous, place);
  return text(kept, { ...place, charsMax: limits.credentialCharsMax });
}

/** A secret that is sent back as it was shown stays as it is. */
export function keep(given: string, previous: string | undefined, { faults, path }: Place): string {
  if (given !== mask) return given;
  if (previous) return previous;
  faults.add(path, 'MASKED_SECRET', `"${mask}" keeps a stored secret, but there is none. Give it.`);
  return '';
}
