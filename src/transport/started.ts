import { type ContextKey, createContextKey } from '@connectrpc/connect';

/**
 * Id of the execution that a call has started. Set by the implementation of whatever starts one, so that a
 * representation may answer with the execution without knowing whose method it was.
 */
export const startedKey: ContextKey<number | undefined> = createContextKey<number | undefined>(
  undefined,
  { description: 'started execution' },
);
