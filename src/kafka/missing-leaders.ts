import { createRequire } from 'node:module';
import { protocolError } from './protocol-errors.js';

/** The part of an answer to a request for metadata that is looked at here. */
interface Answer {
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[];
  }[];
}

interface ResponseModule {
  parse: (answer: Answer) => Promise<Answer>;
}

const LEADER_NOT_AVAILABLE = 5;

/**
 * Where one partition has no leader, as when its only replica is down, kafkajs 2.2.4 throws away all that a broker said of all
 * topics. With this the partition has the leader -1, and the others are known. For the whole process or thread; may be called again.
 */
export function takeMissingLeaders(): void {
  const require = createRequire(import.meta.url);
  for (let version = 0; version <= 6; version++) {
    const response: ResponseModule = require(
      `kafkajs/src/protocol/requests/metadata/v${version}/response`,
    );
    response.parse = parseMetadata;
  }
}

/** Throws the error of a topic, and any of a partition but that it has no leader. */
export async function parseMetadata(answer: Answer): Promise<Answer> {
  const codes = [
    ...answer.topicMetadata.map(({ topicErrorCode }) => topicErrorCode),
    ...answer.topicMetadata.flatMap(({ partitionMetadata }) =>
      partitionMetadata.map(({ partitionErrorCode }) =>
        partitionErrorCode === LEADER_NOT_AVAILABLE ? 0 : partitionErrorCode,
      ),
    ),
  ];
  const code = codes.find((one) => one !== 0);
  if (code !== undefined) throw protocolError(code);
  return answer;
}

/** What is thrown in place of asking a leader that is not there. */
export function missingLeader(): Error {
  return protocolError(LEADER_NOT_AVAILABLE);
}
