import { createRequire } from 'node:module';
import { namingTopics } from './kafka-error.js';
import { protocolError } from './protocol-errors.js';

/** The answer to AddPartitionsToTxn. */
interface Answer {
  readonly errors: readonly {
    readonly topic: string;
    readonly partitionErrors: readonly { readonly errorCode: number }[];
  }[];
}

interface ResponseModule {
  parse: (answer: Answer) => Promise<Answer>;
}

/** What a broker says of partitions that it would have taken, were there not others that it does not take. */
const OPERATION_NOT_ATTEMPTED = 55;

/**
 * Of a request of several partitions kafkajs 2.2.4 throws the first error, which may be that another partition has one. With this
 * it throws that one, with its topic. For the whole process or thread; may be called again.
 */
export function tellRefusedPartitions(): void {
  const require = createRequire(import.meta.url);
  for (const version of ['v0', 'v1']) {
    const response: ResponseModule = require(
      `kafkajs/src/protocol/requests/addPartitionsToTxn/${version}/response`,
    );
    response.parse = parseAddedPartitions;
  }
}

/** Throws what is to blame if some partitions were not added. */
export async function parseAddedPartitions(answer: Answer): Promise<Answer> {
  const refused = answer.errors.flatMap(({ topic, partitionErrors }) =>
    partitionErrors.flatMap(({ errorCode }) => (errorCode === 0 ? [] : { topic, errorCode })),
  );
  const cause = refused.find(({ errorCode }) => errorCode !== OPERATION_NOT_ATTEMPTED);
  const told = cause ?? refused[0];
  if (told) throw namingTopics(protocolError(told.errorCode), [told.topic]);
  return answer;
}
