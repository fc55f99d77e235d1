import { type ContextKey, createContextKey } from '@connectrpc/connect';
import type { Reads } from '../../domain/ports.js';
import { isInWindow, parseSymDate } from '../../secrets/symetry-date.js';
import { isSignedBy, md5, pathForms, stringToSign } from '../../secrets/symetry-signature.js';
import { secretKeyContext } from '../../service/credentials.js';
import { callerFrom, callerKey } from '../caller.js';
import type { RestCall } from '../rest/rest-call.js';
import { decodeOne } from '../rest/routing/path-scanner.js';
import { captureRange } from '../rest/routing/path-template.js';
import { type Refusal, refuse } from './refusal.js';

/** What checking signatures takes. */
export interface SignatureDeps {
  readonly store: Pick<Reads, 'userByName'>;
  /** Opens the user's key. */
  readonly unseal: (sealed: string, context: string) => string;
  readonly now: () => number;
}

/** The key under which a call was signed, for bodies that are encrypted under it too. Set with the caller. */
export const secretKeyKey: ContextKey<string> = createContextKey('', { description: 'secret key' });

/**
 * Finds out who signed a request: the user that its path names, who thereby is the caller. Refuses with one of the seven
 * documented errors. Equal requests pass again and again, since a documented client sends equal signatures; and failures
 * are not counted, since nobody guesses 128 bits, while everybody could lock others out.
 */
export async function authenticate(deps: SignatureDeps, call: RestCall): Promise<void> {
  const { request } = call;
  const signature = request.header.get('authorization');
  const symDate = request.header.get('sym-date');
  if (!signature) throw refuse(refusals.noSignature);
  if (!symDate) throw refuse(refusals.noDate);
  checkDate(symDate, deps.now());
  const cid = cidOf(call);
  const user = await deps.store.userByName(cid);
  if (!user) throw refuse(refusals.noUser);
  const secretKey = deps.unseal(user.secretKeySealed, secretKeyContext(user.name));
  const parts = {
    verb: request.method,
    contentMd5: contentMd5Of(call),
    secretKey,
    symDate,
    cid,
    body: request.wireBody,
    query: request.rawQuery ?? '',
  };
  const paths = pathForms(request.rawPath, request.origin);
  if (!isSignedBy(signature, parts, paths)) {
    const text = stringToSign({ ...parts, path: request.rawPath });
    const values = { stringToSign: text.replaceAll('\n', '\\n') };
    throw refuse({ ...refusals.wrongSignature, values });
  }
  call.values.set(callerKey, callerFrom(user));
  call.values.set(secretKeyKey, secretKey);
}

/** The documented texts, letter for letter. */
const refusals = {
  wrongMd5: { status: 400, statusString: 'Md5 do not match' },
  noUser: { status: 401, statusString: 'Invalid User' },
  wrongSignature: { status: 401, statusString: 'Invalid Signature' },
  noSignature: { status: 400, statusString: 'Authentication header is null' },
  noDate: { status: 400, statusString: 'sym-date header is null' },
  dateOff: {
    status: 400,
    statusString: 'Please update your server time, it is likely out of sync with UTC',
  },
  wrongDate: { status: 400, statusString: 'Invalid Date Format' },
} as const satisfies Record<string, Refusal>;

function checkDate(symDate: string, now: number): void {
  const date = parseSymDate(symDate);
  if (date === undefined) throw refuse(refusals.wrongDate);
  if (!isInWindow(date, now)) throw refuse(refusals.dateOff);
}

/** The customer id in the path. */
function cidOf({ request, route }: RestCall): string {
  const variable = route?.variables.find(({ fieldPath }) => fieldPath === 'cid');
  if (!route || !variable) throw new Error('A route without cid cannot be signed.');
  const segments = request.rawPath.slice(1).split('/');
  const [at] = captureRange(route.template, variable, segments.length);
  return decodeOne(segments[at] ?? '');
}

/** The line of the MD5: as sent if it was sent, which must then be right; some clients sign it without sending it. */
function contentMd5Of({ request }: RestCall): string {
  const { header, wireBody } = request;
  const given = header.get('content-md5') ?? '';
  const isRight = given === '' || given === md5(wireBody);
  if (!isRight) throw refuse(refusals.wrongMd5);
  return given === '' && wireBody.byteLength > 0 ? md5(wireBody) : given;
}
