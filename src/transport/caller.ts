import {
  type ContextKey,
  type ContextValues,
  createContextKey,
  createContextValues,
} from '@connectrpc/connect';
import { DomainError } from '../domain/errors.js';
import type { Caller, User } from '../domain/user.js';

/** Who calls. Set once, by whatever authenticated the call; interceptors inside of that find it set. */
export const callerKey: ContextKey<Caller | undefined> = createContextKey<Caller | undefined>(
  undefined,
  { description: 'caller' },
);

/** Network address that a call came from; empty where there is no network. */
export const remoteAddressKey: ContextKey<string> = createContextKey('', {
  description: 'remote address',
});

/** The caller of a call that was authenticated; UNAUTHENTICATED if it was not. */
export function callerOf({ values }: { readonly values: ContextValues }): Caller {
  const caller = values.get(callerKey);
  if (!caller) throw new DomainError('UNAUTHENTICATED');
  return caller;
}

/** A user who has shown credentials, as the caller. */
export function callerFrom({ name, role, projects, tokenHash }: User): Caller {
  return { name, role, projects, credentials: tokenHash };
}

/** The context that a call begins with: where it comes from. Give this to the server and to the REST face. */
export function callContext(req: {
  readonly socket: { readonly remoteAddress?: string | undefined };
}): ContextValues {
  return createContextValues().set(remoteAddressKey, req.socket.remoteAddress ?? '');
}
