import type { BasicDraft } from './draft.js';
import { limits } from './limits.js';
import { mask } from './mask-secrets.js';
import type { SecretPlace } from './secret-place.js';
import type { BasicCredentials } from './task.js';
import { text } from './validate-value.js';

/** Reads user and password for a server over HTTP. */
export function readBasic(
  draft: BasicDraft,
  previous: BasicCredentials | undefined,
  { faults, path, elsewhere }: SecretPlace,
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
      elsewhere,
    }),
  };
}

/** Reads a password, or keeps the one before. */
export function readPassword(
  given: string | undefined,
  previous: string | undefined,
  place: SecretPlace,
): string {
  if (!given) {
    place.faults.add(place.path, 'REQUIRED', `Give the password, or "${mask}" to keep it.`);
    return '';
  }
  const kept = keep(given, previous, place);
  return text(kept, { ...place, charsMax: limits.credentialCharsMax });
}

/** A secret that is sent back as it was shown stays as it is, if it is used where it was given for. */
export function keep(
  given: string,
  previous: string | undefined,
  { faults, path, elsewhere }: SecretPlace,
): string {
  if (given !== mask) return given;
  if (!previous) {
    const description = `"${mask}" keeps a stored secret, but there is none. Give it.`;
    faults.add(path, 'MASKED_SECRET', description);
    return '';
  }
  if (elsewhere !== undefined) {
    faults.add(path, 'SECRET_ELSEWHERE', `${elsewhere} Give the secret again.`);
  }
  return previous;
}
