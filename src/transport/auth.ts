import type { Interceptor } from '@connectrpc/connect';
import { DomainError } from '../domain/errors.js';
import { limits } from '../domain/limits.js';
import type { Reads } from '../domain/ports.js';
import type { Caller } from '../domain/user.js';
import { assertRole } from '../service/roles.js';
import { callerFrom, callerKey, callerOf, remoteAddressKey } from './caller.js';
import { FailureThrottle, tooManyFailures } from './failure-throttle.js';

/** Finds out who sends an `Authorization` header. */
export interface Authenticator {
  /** UNAUTHENTICATED if the header is missing or wrong, TOO_MANY_FAILURES after many wrong ones. */
  authenticate(authorization: string | null, address: string): Promise<Caller>;
}

export interface AuthenticatorDeps {
  readonly store: Pick<Reads, 'userByName' | 'userByTokenHash'>;
  /** Takes as long for a user that is not there. */
  readonly verifyPassword: (check: {
    readonly user: string;
    readonly password: string;
    readonly passwordHash: string | undefined;
  }) => Promise<boolean>;
  readonly hashToken: (token: string) => string;
  readonly now: () => number;
  readonly throttle?: FailureThrottle;
}

/**
 * Knows `Bearer TOKEN` and `Basic`. Wrong passwords are counted by account and address, and the next ones wait. A token
 * cannot be guessed, so a right one always passes and wrong ones are only counted by address.
 */
export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const throttle = deps.throttle ?? new FailureThrottle(deps.now);
  return {
    async authenticate(authorization, address) {
      const [scheme = '', credentials = ''] = splitOnce((authorization ?? '').trim(), ' ');
      switch (scheme.toLowerCase()) {
        case 'bearer':
          return byToken({ ...deps, throttle }, credentials.trim(), address);
        case 'basic':
          return byPassword({ ...deps, throttle }, credentials.trim(), address);
        default:
          throw unauthenticated('Give "Authorization: Bearer TOKEN", or Basic.');
      }
    },
  };
}

/** Services that everybody may call: they tell whether the service is up and what its contract is. */
const openServices: ReadonlySet<string> = new Set([
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
]);

const corePackage = 'predictd.v1.';

/**
 * Puts the caller into the context of every call, or refuses it. A call whose caller is known already, because a
 * dialect authenticated it in its own way, passes. Calls of the core are checked against the table of roles, in which
 * what is not listed is not allowed.
 */
export function authentication(authenticator: Authenticator): Interceptor {
  return (next) => async (req) => {
    const service = req.service.typeName;
    if (openServices.has(service)) return next(req);
    const { contextValues } = req;
    if (contextValues.get(callerKey) === undefined) {
      const address = contextValues.get(remoteAddressKey);
      const header = req.header.get('authorization');
      contextValues.set(callerKey, await authenticator.authenticate(header, address));
    }
    if (service.startsWith(corePackage)) {
      assertRole(callerOf({ values: contextValues }), req.method.localName);
    }
    return next(req);
  };
}

type Checked = AuthenticatorDeps & { readonly throttle: FailureThrottle };

async function byToken(deps: Checked, token: string, address: string): Promise<Caller> {
  const user = await deps.store.userByTokenHash(deps.hashToken(token));
  if (user) return callerFrom(user);
  const key = `token ${address}`;
  const retryAfterMs = deps.throttle.retryAfterMs(key);
  deps.throttle.fail(key);
  if (retryAfterMs > 0) throw tooManyFailures(retryAfterMs);
  throw unauthenticated('The token is not valid.');
}

async function byPassword(deps: Checked, encoded: string, address: string): Promise<Caller> {
  const given = decodeBasic(encoded);
  const attempt = { key: `password ${given.user} ${address}`, guess: deps.hashToken(encoded) };
  const user = await deps.throttle.attempt(attempt, async () => {
    const found = await deps.store.userByName(given.user);
    const isRight = await deps.verifyPassword({ ...given, passwordHash: found?.passwordHash });
    // A check takes a while, in which the credentials may have ended.
    const now = isRight ? await deps.store.userByName(given.user) : undefined;
    return now?.passwordHash === found?.passwordHash ? now : undefined;
  });
  if (!user) throw unauthenticated('The user or the password is wrong.');
  return callerFrom(user);
}

function decodeBasic(encoded: string): { readonly user: string; readonly password: string } {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const [user = '', password] = splitOnce(text, ':');
  const isReadable = password !== undefined && !/\p{Cc}/u.test(text) && !text.includes('\uFFFD');
  if (!isReadable || user === '' || user.length > limits.userNameCharsMax) {
    throw unauthenticated('The Basic credentials are not of the form user:password in Base64.');
  }
  if (password.length > limits.passwordCharsMax) {
    throw unauthenticated('The user or the password is wrong.');
  }
  return { user, password };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function unauthenticated(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', { message });
}
