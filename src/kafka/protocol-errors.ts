import { createRequire } from 'node:module';

/** An error of the protocol, as kafkajs lists them. */
interface ErrorEntry {
  /** Kafka's name of it. */
  readonly type: string;
  readonly code: number;
  readonly retriable: boolean;
  readonly message: string;
}

const require = createRequire(import.meta.url);
const {
  errorCodes,
  createErrorFromCode,
}: {
  readonly errorCodes: ErrorEntry[];
  readonly createErrorFromCode: (code: number) => Error;
} = require('kafkajs/src/protocol/error');

/** Newer than kafkajs 2.2.4, which has no other name for them than "unknown": what brokers since 2.7 may answer to its requests. */
const newer: readonly ErrorEntry[] = [
  entry(89, 'THROTTLING_QUOTA_EXCEEDED', 'The throttling quota has been exceeded', true),
  entry(90, 'PRODUCER_FENCED', 'There is a newer producer with the same transactional id'),
  entry(97, 'PRINCIPAL_DESERIALIZATION_FAILURE', 'The principal of a request cannot be read'),
  entry(100, 'UNKNOWN_TOPIC_ID', 'This server does not host this topic id', true),
  entry(103, 'INCONSISTENT_TOPIC_ID', 'The topic id in the log is another one', true),
  entry(105, 'TRANSACTIONAL_ID_NOT_FOUND', 'The transactional id was not found'),
  entry(109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'The offset moved to tiered storage'),
  entry(110, 'FENCED_MEMBER_EPOCH', 'The member epoch is fenced by the group coordinator'),
  entry(111, 'UNRELEASED_INSTANCE_ID', 'The instance id is used by another member of the group'),
  entry(112, 'UNSUPPORTED_ASSIGNOR', 'The assignor of the group is not supported'),
  entry(113, 'STALE_MEMBER_EPOCH', 'The member epoch is stale'),
  entry(120, 'TRANSACTION_ABORTABLE', 'The transaction can only be aborted'),
  entry(129, 'REBOOTSTRAP_REQUIRED', 'The metadata of the client must be read anew'),
];

/** Names errors that kafkajs does not know. For the whole process or thread; may be called again. */
export function nameNewErrors(): void {
  const known = new Set(errorCodes.map(({ code }) => code));
  errorCodes.push(...newer.filter(({ code }) => !known.has(code)));
}

/** The error of a code, as kafkajs makes it: its `type` is Kafka's name. */
export function protocolError(code: number): Error {
  return createErrorFromCode(code);
}

function entry(code: number, type: string, message: string, retriable = false): ErrorEntry {
  return { type, code, retriable, message };
}
