import { Code, ConnectError } from '@connectrpc/connect';
import { basicHeader } from '../../domain/basic-header.js';
import { DomainError, invalidField } from '../../domain/errors.js';
import type { BasicCredentials } from '../../domain/task.js';
import { mediaType } from '../accept.js';
import type { Authenticator } from '../auth.js';
import { callerKey, remoteAddressKey } from '../caller.js';
import { toConnectError } from '../errors.js';
import type { RestCall } from '../rest/rest-call.js';
import type { SessionTokens } from './session-tokens.js';

/** Finds out who sends `Authorization: Bearer TOKEN`, where the token is a session's or a user's own. */
export async function authenticateByToken(
  deps: { readonly authenticator: Authenticator; readonly tokens: SessionTokens },
  call: RestCall,
): Promise<void> {
  const header = call.request.header.get('authorization') ?? '';
  const token = /^bearer +(?<token>\S+)$/i.exec(header.trim())?.groups?.token;
  if (token === undefined) throw unauthenticated('Give "Authorization: Bearer TOKEN".');
  if (!deps.tokens.isOurs(token)) {
    await signIn(deps.authenticator, call, `Bearer ${token}`);
    return;
  }
  const caller = await deps.tokens.callerOf(token);
  if (!caller) throw unauthenticated('The token is wrong or has expired. Ask for a new one.');
  call.values.set(callerKey, caller);
}

/** Finds out who sends a form with `username` and `password`. */
export async function authenticateByForm(
  { authenticator }: { readonly authenticator: Authenticator },
  call: RestCall,
): Promise<void> {
  const credentials = credentialsOf(call);
  // A colon would end the name in Basic; no user has one.
  if (credentials.username.includes(':'))
    throw unauthenticated('The user or the password is wrong.');
  await signIn(authenticator, call, `Basic ${basicHeader(credentials)}`);
}

const formType = 'application/x-www-form-urlencoded';

function credentialsOf({ request }: RestCall): BasicCredentials {
  const contentType = mediaType(request.header.get('content-type') ?? '');
  if (contentType !== formType) {
    throw toConnectError(invalidField('content-type', 'UNSUPPORTED', `Send ${formType}.`));
  }
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  return { username: single(form, 'username'), password: single(form, 'password') };
}

/** A name that stands twice could be read as either by whoever checks it. */
function single(form: URLSearchParams, name: string): string {
  const [value = '', ...more] = form.getAll(name);
  if (value !== '' && more.length === 0) return value;
  throw toConnectError(invalidField(name, 'REQUIRED', 'Give it once.'));
}

/** Whatever refuses credentials reads as 401, also when there were too many wrong ones before. */
async function signIn(
  authenticator: Authenticator,
  { values }: RestCall,
  authorization: string,
): Promise<void> {
  try {
    const address = values.get(remoteAddressKey);
    values.set(callerKey, await authenticator.authenticate(authorization, address));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const refused = toConnectError(error);
    if (error.code !== 'TOO_MANY_FAILURES') throw refused;
    const { rawMessage, metadata } = refused;
    const unauthorized = new ConnectError(rawMessage, Code.Unauthenticated, metadata);
    unauthorized.details.push(...refused.details);
    throw unauthorized;
  }
}

function unauthenticated(message: string): ConnectError {
  return toConnectError(new DomainError('UNAUTHENTICATED', { message }));
}
