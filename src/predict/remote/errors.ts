/** The server does not answer, or fails: the same call may succeed later. */
export class PredictorUnreachableError extends Error {
  override readonly name = 'PredictorUnreachableError';
  /** How long the server asks to be left alone; 0: it does not say. */
  readonly retryAfterMs: number;

  constructor(
    message: string,
    { cause, retryAfterMs = 0 }: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** The server refuses the user, the project or the model, or speaks another protocol. Trying again changes nothing. */
export class PredictorRefusedError extends Error {
  override readonly name = 'PredictorRefusedError';
}

/** The server refuses the rows. */
export class RowsRejectedError extends Error {
  override readonly name = 'RowsRejectedError';
}
