import { DomainError } from '../domain/errors.js';
import type { KafkaCluster } from './cluster.js';
import { kafkaErrorMessage, kafkaErrorType } from './kafka-error.js';

/** Bounds of one use of a cluster. */
export interface KafkaCall {
  readonly deadlineMs: number;
  /** That whoever asked has left. */
  readonly signal?: AbortSignal | undefined;
}

const retryAfterMs = 2_000;

/**
 * Connects, works and disconnects, within a time. What goes wrong is a DomainError: EGRESS_DENIED, KAFKA_REFUSED with what the
 * broker says, or KAFKA_UNREACHABLE.
 */
export async function callKafka<T>(
  cluster: KafkaCluster,
  { deadlineMs, signal }: KafkaCall,
  work: () => Promise<T>,
): Promise<T> {
  const ended = endOf(deadlineMs, signal);
  try {
    const working = cluster.connect().then(work);
    working.catch(() => undefined);
    return await Promise.race([working, ended.promise]);
  } catch (error) {
    throw domainErrorOf(error);
  } finally {
    ended.cancel();
    // Also makes what still goes on fail.
    cluster.disconnect().catch(() => undefined);
  }
}

function endOf(deadlineMs: number, signal: AbortSignal | undefined) {
  let cancel = () => {};
  const promise = new Promise<never>((_, reject) => {
    const late = () => {
      const message = `Kafka did not answer within ${deadlineMs / 1_000} s.`;
      reject(new DomainError('KAFKA_UNREACHABLE', { message, retryAfterMs }));
    };
    const left = () =>
      reject(new DomainError('KAFKA_UNREACHABLE', { message: 'It was cancelled.' }));
    const timer = setTimeout(late, deadlineMs);
    signal?.addEventListener('abort', left, { once: true });
    if (signal?.aborted) left();
    cancel = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', left);
    };
  });
  promise.catch(() => undefined);
  return { promise, cancel };
}

function domainErrorOf(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const type = kafkaErrorType(firstOf(error));
  const message = `Kafka at the task's brokers: ${kafkaErrorMessage(firstOf(error))}`;
  if (type === 'EGRESS_DENIED') {
    return new DomainError('EGRESS_DENIED', { message: kafkaErrorMessage(error), cause: error });
  }
  if (refusals.test(type)) {
    return new DomainError('KAFKA_REFUSED', {
      message,
      metadata: { kafkaError: type },
      cause: error,
    });
  }
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  if (type === '' || isOurs) return error;
  const metadata = { kafkaError: type };
  return new DomainError('KAFKA_UNREACHABLE', { message, metadata, retryAfterMs, cause: error });
}

/** The error of the first of several partitions. */
function firstOf(error: unknown): unknown {
  const { partitions } = error as { readonly partitions?: readonly { readonly error?: unknown }[] };
  return partitions?.[0]?.error ?? error;
}

/** What the same call would meet again. */
const refusals =
  /AUTHENTICATION|AUTHORIZATION|SASL|INVALID_TOPIC|INVALID_GROUP_ID|POLICY_VIOLATION|UNKNOWN_TOPIC|MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|OFFSET_METADATA_TOO_LARGE|^CorruptRecordBatch|^ERR_TLS|SELF_SIGNED|^UNABLE_TO|^CERT_/;
