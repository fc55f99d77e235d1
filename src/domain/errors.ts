/** Every way in which a call can fail, with the sentence that a caller reads when none more precise is given. */
export const errorCatalogue = {
  INVALID_FIELD: 'The request does not make sense.',
  UNAUTHENTICATED: 'Credentials are missing or wrong.',
  ROLE_NOT_ALLOWED: 'Your role does not allow this.',
  TASK_NOT_FOUND: 'There is no such task.',
  EXECUTION_NOT_FOUND: 'There is no such execution.',
  MODEL_NOT_FOUND: 'There is no such model.',
  USER_NOT_FOUND: 'There is no such user.',
  TARGET_NOT_FOUND: 'There is no such target.',
  DEAD_LETTER_NOT_FOUND: 'There is no such dead letter.',
  TASK_EXISTS: 'A task of this name exists already.',
  MODEL_EXISTS: 'A model of this name with other bytes exists already.',
  USER_EXISTS: 'A user of this name exists already.',
  TARGET_EXISTS: 'A target of this name exists already.',
  ETAG_MISMATCH: 'It was changed since you read it.',
  TASK_ALREADY_STARTED: 'The task is running already.',
  TASK_STOPPING: 'The task is still stopping.',
  RUN_ENDED: 'The task has ended and accepts no more commands.',
  TASK_NOT_STARTABLE: 'The task cannot run as it is defined.',
  TASKS_MAX_REACHED: 'As many tasks run as the service allows.',
  MODEL_IN_USE: 'A task uses the model.',
  MODEL_NOT_SWAPPABLE: 'The task is not scored with an uploaded model.',
  NO_SHADOW_MODEL: 'The task has no shadow.',
  NO_PREVIOUS_MODEL: 'There is no model to go back to.',
  MODEL_INVALID: 'The file is no usable model.',
  MODEL_TOO_LARGE: 'The model is too large.',
  USER_IN_USE: 'The user still has tasks or models.',
  LAST_ADMIN: 'The last admin cannot be deleted.',
  QUOTA_EXCEEDED: 'You have as many as you may have.',
  TOO_MANY_WATCHERS: 'Too many watches are open.',
  TOO_MANY_FAILURES: 'Too many failed attempts; wait a minute.',
  SEQUENCE_EXPIRED: 'The history does not reach back that far.',
  PREDICTION_TIMEOUT: 'The model took too long.',
  KAFKA_UNREACHABLE: 'Kafka cannot be reached.',
  KAFKA_REFUSED: 'Kafka refused it.',
  NOT_DEAD_LETTERS: 'The topic holds records that are no dead letters.',
  EGRESS_DENIED: 'The service may not connect there.',
  STOP_PENDING: 'The stop was asked for and goes on, but did not end in time.',
  STORE_UNAVAILABLE: 'The store cannot be written at the moment.',
  SHUTTING_DOWN: 'The service is shutting down.',
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

export interface FieldViolation {
  /** Path of the field, such as `task.spec.sink.topic`. */
  readonly field: string;
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  /** A sentence with what to do. */
  readonly description: string;
}

export interface ErrorDetails {
  readonly message?: string;
  /** Values that programs need, by stable keys. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly violations?: readonly FieldViolation[];
  /** After which time a repetition may succeed. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one error class of the domain. Anything else that is thrown is a fault of the program. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly code: ErrorCode;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? errorCatalogue[code], { cause: details.cause });
    this.code = code;
    this.metadata = details.metadata ?? {};
    this.violations = details.violations ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** An INVALID_FIELD error; its message is the first fault. */
export function invalidFields(violations: readonly FieldViolation[]): DomainError {
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  const message = first ? `${first.field}: ${first.description}${more}` : undefined;
  return new DomainError('INVALID_FIELD', {
    violations,
    ...(message === undefined ? {} : { message }),
  });
}

/** An INVALID_FIELD error with one fault. */
export function invalidField(field: string, reason: string, description: string): DomainError {
  return invalidFields([{ field, reason, description }]);
}
