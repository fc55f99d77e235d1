import type { ConnectError } from '@connectrpc/connect';
import { DomainError } from '../../domain/errors.js';
import type { Authenticator } from '../auth.js';
import { callerKey, remoteAddressKey } from '../caller.js';
import { toConnectError } from '../errors.js';
import type { RestCall } from '../rest/rest-call.js';

/** Clients know no other way, so that they are asked for this one alone. */
const challenge = 'Basic realm="predictd", charset="UTF-8"';

/** Finds out who calls, by user name and password; a token of the service works as everywhere. */
export async function authenticate(authenticator: Authenticator, call: RestCall): Promise<void> {
  const header = call.request.header.get('authorization');
  const address = call.values.get(remoteAddressKey);
  try {
    call.values.set(callerKey, await authenticator.authenticate(header, address));
  } catch (error) {
    throw error instanceof DomainError ? refusal(error) : error;
  }
}

function refusal(error: DomainError): ConnectError {
  const refused = toConnectError(error);
  if (error.code === 'UNAUTHENTICATED') refused.metadata.set('www-authenticate', challenge);
  return refused;
}
