import { createHash } from 'node:crypto';
import { type FieldViolation, invalidField } from '../domain/errors.js';
import type { Reads, RequestAnswer } from '../domain/ports.js';
import type { Caller } from '../domain/user.js';

/** A request that its caller may repeat, as it is remembered. */
export type RepeatableRequest = Omit<RequestAnswer, 'resourceId' | 'at'>;

/** What is wrong with a request id, if anything. It may be empty. */
export function requestIdFault(requestId: string): FieldViolation | undefined {
  if (requestId === '' || uuid.test(requestId)) return undefined;
  return {
    field: 'request_id',
    reason: 'INVALID_UUID',
    description: 'Give a UUID, such as that of crypto.randomUUID(), or leave it out.',
  };
}

/**
 * What is remembered of a request; undefined without an id. `parts` tell one request from another. They must not hold
 * secrets: a hash of a short one can be guessed.
 */
export function repeatable(
  caller: Caller,
  requestId: string,
  { method, parts }: { readonly method: string; readonly parts: readonly unknown[] },
): RepeatableRequest | undefined {
  if (requestId === '') return undefined;
  const fingerprint = createHash('sha256').update(canonical(parts)).digest('hex');
  return { caller: caller.name, requestId: requestId.toLowerCase(), method, fingerprint };
}

/** Id of the thing that was made when the request came first; INVALID_FIELD if the id was used for another one. */
export async function answered(
  reads: Reads,
  request: RepeatableRequest | undefined,
): Promise<number | undefined> {
  if (!request) return undefined;
  const answer = await reads.answerOf(request.caller, request.requestId);
  if (!answer) return undefined;
  if (answer.method === request.method && answer.fingerprint === request.fingerprint) {
    return answer.resourceId;
  }
  const description = 'It was used for another request within a day. Give a new one.';
  throw invalidField('request_id', 'REQUEST_ID_REUSED', description);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** JSON in which the order of members does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
