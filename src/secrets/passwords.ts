import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain/errors.js';

/**
 * N=2^14, r=8, p=5 is one of OWASP's equivalent settings: it needs 16 MiB and 0.1 to 0.2 s of one core here, so two at
 * a time leave the service its memory.
 */
const cost = { ln: 14, r: 8, p: 5 } as const;
const saltBytes = 16;
const hashBytes = 32;
/** Above it a stored hash would be a way to exhaust the machine. */
const lnMax = 20;
/** As many cores as the service may give away to people who guess. */
const verificationsAtOnce = 2;
/** About eight seconds of work; who comes later is told to wait. */
const verificationsQueuedMax = 64;
/** Long enough that a client with a password on every call does not pay for each, short enough to forget. */
const cacheMs = 60_000;
const cacheEntriesMax = 1_000;

/** The scrypt hash of a password in PHC string form: `$scrypt$ln=14,r=8,p=5$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  return format({ ...cost, salt, hash: await derive(password, { ...cost, salt }, hashBytes) });
}

export interface PasswordCheck {
  readonly user: string;
  readonly password: string;
  /** Absent when there is no such user: the check then costs the same time and fails. */
  readonly passwordHash: string | undefined;
}

export interface PasswordVerifier {
  /** TOO_MANY_FAILURES when too many checks wait. */
  verify(check: PasswordCheck): Promise<boolean>;
}

/**
 * Checks passwords, two at a time. A right one is remembered for a minute, by a keyed hash that dies with the process
 * and that covers the stored hash, so that a changed password counts at once. Equal checks under way are made once.
 */
export function createPasswordVerifier(now: () => number = Date.now): PasswordVerifier {
  const key = randomBytes(32);
  const dummy = format({ ...cost, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) });
  const rightUntil = new Map<string, number>();
  const underWay = new Map<string, Promise<boolean>>();
  const slots = createSlots(verificationsAtOnce, verificationsQueuedMax);

  const remember = (id: string) => {
    const [oldest] = rightUntil.keys();
    if (rightUntil.size >= cacheEntriesMax && oldest !== undefined) rightUntil.delete(oldest);
    rightUntil.set(id, now() + cacheMs);
  };
  const compare = async (id: string, check: PasswordCheck): Promise<boolean> => {
    const matches = await slots(() => matchesHash(check.password, check.passwordHash ?? dummy));
    const right = matches && check.passwordHash !== undefined;
    if (right) remember(id);
    return right;
  };
  return {
    async verify(check) {
      const id = identify(key, check);
      const until = rightUntil.get(id);
      if (until !== undefined && until > now()) return true;
      rightUntil.delete(id);
      const same = underWay.get(id);
      if (same !== undefined) return await same;
      const comparison = compare(id, check);
      underWay.set(id, comparison);
      try {
        return await comparison;
      } finally {
        underWay.delete(id);
      }
    },
  };
}

/** JSON keeps the parts apart whatever characters they have. */
function identify(key: Buffer, check: PasswordCheck): string {
  const parts = JSON.stringify([check.user, check.password, check.passwordHash ?? null]);
  return createHmac('sha256', key).update(parts).digest('base64');
}

async function matchesHash(password: string, phc: string): Promise<boolean> {
  const expected = parse(phc);
  const actual = await derive(password, expected, expected.hash.length);
  return timingSafeEqual(actual, expected.hash);
}

interface Settings {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
}

interface Hashed extends Settings {
  readonly hash: Buffer;
}

function derive(password: string, settings: Settings, length: number): Promise<Buffer> {
  const N = 2 ** settings.ln;
  const { r, p, salt } = settings;
  const options = { N, r, p, maxmem: 256 * N * r };
  const { promise, resolve, reject } = deferred<Buffer>();
  scrypt(password.normalize('NFC'), salt, length, options, (err, key) =>
    err ? reject(err) : resolve(key),
  );
  return promise;
}

function format(hashed: Hashed): string {
  const { ln, r, p } = hashed;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(hashed.salt)}$${unpadded(hashed.hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

const phcPattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{8,})\$([A-Za-z0-9+/]{22,})$/;

function parse(phc: string): Hashed {
  const [, ln, r, p, salt, hash] = phcPattern.exec(phc) ?? [];
  if (salt === undefined || hash === undefined || Number(ln) > lnMax) {
    throw new Error('A stored password hash is no scrypt PHC string.');
  }
  return {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** Runs at most `atOnce` works and lets at most `queuedMax` wait, first come first served. */
function createSlots(atOnce: number, queuedMax: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running < atOnce) running += 1;
    else {
      if (waiting.length >= queuedMax) throw busy();
      const { promise, resolve } = deferred<void>();
      waiting.push(resolve);
      await promise;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

function busy(): DomainError {
  return new DomainError('TOO_MANY_FAILURES', {
    message: 'Too many passwords wait to be checked; try again in a few seconds.',
    retryAfterMs: 5_000,
  });
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
