/**
 * Kafka's name of an error, such as `REBALANCE_IN_PROGRESS`, wherever kafkajs wrapped it; otherwise
 * the code or class name of the innermost cause; empty if it says nothing.
 */
export function kafkaErrorType(error: unknown): string {
  let code = '';
  let name = '';
  for (let cause: unknown = error, depth = 0; isObject(cause) && depth < causesMax; depth++) {
    if (typeof cause.type === 'string') return cause.type;
    if (typeof cause.code === 'string') code = cause.code;
    else if (typeof cause.name === 'string' && cause.name !== 'Error') name = cause.name;
    cause = cause.cause;
  }
  return code || name;
}

/** The message of the innermost cause: the outer ones only say that retries are over. */
export function kafkaErrorMessage(error: unknown): string {
  let message = String(error);
  for (let cause: unknown = error, depth = 0; isObject(cause) && depth < causesMax; depth++) {
    if (typeof cause.message === 'string' && cause.message) message = cause.message;
    cause = cause.cause;
  }
  return message;
}

/** What brokers say of a topic without naming it. */
const ofTopics = new Set(['TOPIC_AUTHORIZATION_FAILED', 'UNKNOWN_TOPIC_OR_PARTITION']);

class TopicError extends Error {
  override readonly name = 'TopicError';
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** The error, with the topics that it may be of where it is about one and does not say which. */
export function namingTopics(error: unknown, topics: readonly string[]): unknown {
  const type = kafkaErrorType(error);
  if (!ofTopics.has(type) || error instanceof TopicError) return error;
  return new TopicError(type, `${kafkaErrorMessage(error)}: ${[...new Set(topics)].join(', ')}`);
}

/** kafkajs nests three deep; a cycle must not hang. */
const causesMax = 8;

interface Causal {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

function isObject(value: unknown): value is Causal {
  return typeof value === 'object' && value !== null;
}
