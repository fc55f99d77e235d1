import { DomainError } from '../../domain/errors.js';
import { mediaType } from '../accept.js';
import type { Authenticator } from '../auth.js';
import { callerKey, remoteAddressKey } from '../caller.js';
import { toConnectError } from '../errors.js';
import type { RestCall, RestRequest } from '../rest/rest-call.js';
import { parameter } from './format.js';

/** The name of the header and of the parameter that OpenTox carries tokens in. */
export const subjectId = 'subjectid';

/**
 * Finds out who sends a `subjectid`. Without one nothing is done, and the `Authorization` header decides later. A wrong
 * one is refused even where that header is right: the caller asked to be somebody else.
 */
export async function authenticate(authenticator: Authenticator, call: RestCall): Promise<void> {
  const token = tokenOf(call.request);
  if (token === undefined) return;
  const { values } = call;
  try {
    const address = values.get(remoteAddressKey);
    values.set(callerKey, await authenticator.authenticate(`Bearer ${token}`, address));
  } catch (error) {
    throw error instanceof DomainError ? toConnectError(error) : error;
  }
}

function tokenOf({ header, rawQuery, body }: RestRequest): string | undefined {
  const isForm =
    mediaType(header.get('content-type') ?? '') === 'application/x-www-form-urlencoded';
  return (
    header.get(subjectId)?.trim() ||
    parameter(rawQuery, subjectId) ||
    (isForm ? parameter(Buffer.from(body).toString(), subjectId) : undefined)
  );
}
