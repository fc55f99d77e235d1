import { kafkaErrorMessage, kafkaErrorType } from '../kafka/kafka-error.js';
import {
  RegistryDeniedError,
  RegistryError,
  SchemaRefusedError,
} from '../predict/avro/schema-registry.js';
import { PredictorRefusedError, PredictorUnreachableError } from '../predict/remote/errors.js';

/** Why an execution cannot go on, in the words that users see. */
export interface Failure {
  /** One UPPER_SNAKE word. */
  readonly reason: string;
  readonly message: string;
  /** A restart would not mend it. */
  readonly fatal: boolean;
  /** The brokers cannot be reached: worth waiting for as long as it takes. */
  readonly unreachable: boolean;
}

/** Ends the execution. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly failure: Failure;

  constructor(reason: string, message: string, fatal = true) {
    super(message);
    this.failure = { reason, message, fatal, unreachable: false };
  }
}

const fatalReasons: ReadonlyMap<string, string> = new Map([
  ['EGRESS_DENIED', 'EGRESS_DENIED'],
  ['KafkaJSSASLAuthenticationError', 'AUTHENTICATION_FAILED'],
  ['SASL_AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED'],
  ['UNSUPPORTED_SASL_MECHANISM', 'AUTHENTICATION_FAILED'],
  ['TOPIC_AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
  ['GROUP_AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'AUTHORIZATION_FAILED'],
  ['INVALID_TOPIC_EXCEPTION', 'TOPIC_INVALID'],
  ['INVALID_SESSION_TIMEOUT', 'OPTION_REFUSED'],
  ['INVALID_TRANSACTION_TIMEOUT', 'OPTION_REFUSED'],
  ['INCONSISTENT_GROUP_PROTOCOL', 'GROUP_IN_USE'],
  ['INVALID_GROUP_ID', 'GROUP_INVALID'],
  ['INVALID_RECORD', 'SINK_REFUSED'],
  ['INVALID_TIMESTAMP', 'SINK_REFUSED'],
  ['OFFSET_METADATA_TOO_LARGE', 'OFFSET_METADATA_TOO_LARGE'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS_FAILED'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS_FAILED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS_FAILED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS_FAILED'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS_FAILED'],
  ['CERT_HAS_EXPIRED', 'TLS_FAILED'],
]);

/** What brokers leave out. */
const hints: ReadonlyMap<string, string> = new Map([
  ['INVALID_RECORD', ' A compacted topic takes no record without a key.'],
  [
    'TOPIC_AUTHORIZATION_FAILED',
    '. A task needs READ on its source and WRITE on what it writes to, with CREATE where that is missing.',
  ],
  [
    'GROUP_AUTHORIZATION_FAILED',
    '. A task needs READ on its consumer group, which begins with "predictd." unless it was named.',
  ],
  [
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    '. Exactly once needs WRITE on the transactional ids that begin with "predictd-".',
  ],
]);

const unreachableTypes = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
  'KafkaJSLockTimeout',
  'KafkaJSGroupCoordinatorNotFound',
  'KafkaJSMetadataNotLoaded',
  'BROKER_NOT_AVAILABLE',
  'LEADER_NOT_AVAILABLE',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_LEADER_FOR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REQUEST_TIMED_OUT',
  // Another disk or another broker will do, as with one that is down.
  'KAFKA_STORAGE_ERROR',
  // Of its own trouble, such as a full disk under the log of transactions, a broker may say no more.
  'UNKNOWN',
  'NETWORK_EXCEPTION',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const fenced = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'TRANSACTION_ABORTABLE',
  'TRANSACTION_COORDINATOR_FENCED',
  'INVALID_PRODUCER_ID_MAPPING',
]);

function registryFailure({ message }: Error, unreachable: boolean): Failure {
  const reason = unreachable ? 'REGISTRY_UNREACHABLE' : 'SCHEMA_REFUSED';
  return { reason, message, fatal: !unreachable, unreachable };
}

function predictorFailure({ message }: Error, unreachable: boolean): Failure {
  const reason = unreachable ? 'PREDICTOR_UNREACHABLE' : 'PREDICTOR_REFUSED';
  return { reason, message, fatal: !unreachable, unreachable };
}

/** Says what an error means for the execution. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RunnerError) return error.failure;
  if (error instanceof RegistryError) return registryFailure(error, true);
  if (error instanceof SchemaRefusedError) return registryFailure(error, false);
  if (error instanceof RegistryDeniedError) {
    const { message } = error;
    return { reason: 'REGISTRY_DENIED', message, fatal: true, unreachable: false };
  }
  if (error instanceof PredictorUnreachableError) return predictorFailure(error, true);
  if (error instanceof PredictorRefusedError) return predictorFailure(error, false);
  const type = kafkaErrorType(error);
  const message = kafkaErrorMessage(error);
  const fatal = fatalReasons.get(type);
  if (fatal !== undefined) {
    const hinted = `${message}${hints.get(type) ?? ''}`;
    return { reason: fatal, message: hinted, fatal: true, unreachable: false };
  }
  if (unreachableTypes.has(type)) {
    return { reason: 'KAFKA_UNREACHABLE', message, fatal: false, unreachable: true };
  }
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    // Brokers that just started say so of topics that they will find again.
    return { reason: 'TOPIC_NOT_FOUND', message, fatal: false, unreachable: false };
  }
  if (fenced.has(type)) return { reason: 'FENCED', message, fatal: false, unreachable: false };
  const reason = type === 'CorruptRecordBatchError' ? 'SOURCE_CORRUPT' : 'RUNNER_ERROR';
  return {
    reason,
    message: `${message}${type ? ` (${type})` : ''}`,
    fatal: false,
    unreachable: false,
  };
}
