import type { Reads, RequestAnswer, Writes } from '../domain/ports.js';
import type { Connection, Row } from './connection.js';
import { insertSql, integer, only, text } from './rows.js';

const byKey = 'SELECT * FROM answers WHERE caller = ? AND request_id = ?';
const columns = ['caller', 'request_id', 'method', 'fingerprint', 'resource_id', 'at'];
/** A request id whose answer is too old to count is free again, even before it is forgotten. */
const upsert = insertSql('answers', columns).replace('INSERT', 'INSERT OR REPLACE');
const forget = 'DELETE FROM answers WHERE at < ?';
const forgetCaller = 'DELETE FROM answers WHERE caller = ?';

/** Reads of remembered answers. */
export function answerReads(connection: Connection): Pick<Reads, 'answerOf'> {
  return {
    answerOf: async (caller, requestId) =>
      only(await connection.all(byKey, [caller, requestId]), answerFromRow),
  };
}

/** Writes of remembered answers. */
export function answerWrites(
  connection: Connection,
): Pick<Writes, 'rememberAnswer' | 'forgetAnswers'> {
  return {
    async rememberAnswer(answer) {
      await connection.run(upsert, answerToRow(answer));
    },
    async forgetAnswers(before) {
      await connection.run(forget, [before]);
    },
  };
}

/** Drops what was answered to a caller. */
export async function dropAnswersOf(connection: Connection, caller: string): Promise<void> {
  await connection.run(forgetCaller, [caller]);
}

function answerToRow(answer: RequestAnswer) {
  return {
    $caller: answer.caller,
    $request_id: answer.requestId,
    $method: answer.method,
    $fingerprint: answer.fingerprint,
    $resource_id: answer.resourceId,
    $at: answer.at,
  };
}

function answerFromRow(row: Row): RequestAnswer {
  return {
    caller: text(row, 'caller'),
    requestId: text(row, 'request_id'),
    method: text(row, 'method'),
    fingerprint: text(row, 'fingerprint'),
    resourceId: integer(row, 'resource_id'),
    at: integer(row, 'at'),
  };
}
