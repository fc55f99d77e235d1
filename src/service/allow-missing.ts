import { DomainError, type ErrorCode } from '../domain/errors.js';

/** Deletes what may be gone already, which is an error only if the caller did not say that it is none. */
export async function allowMissing(
  { allowed, missing }: { readonly allowed: boolean | undefined; readonly missing: ErrorCode },
  remove: () => Promise<void>,
): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const isGone = error instanceof DomainError && error.code === missing;
    if (!isGone || !allowed) throw error;
  }
}
