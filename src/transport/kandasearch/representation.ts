import { isMessage } from '@bufbuild/protobuf';
import { Code, type ConnectError } from '@connectrpc/connect';
import { HttpBodySchema } from '../../../gen/ts/google/api/httpbody_pb.js';
import { type Task, TaskSchema } from '../../../gen/ts/kandasearch/v1/task_service_pb.js';
import { errorHeaders } from '../rest/errors.js';
import type { Representation, RestReply } from '../rest/representation.js';
import type { RestCall } from '../rest/rest-call.js';

/** How KandaSearch looks over HTTP: an envelope in 200 for everything but a token that is missing or wrong. */
export function kandasearchRepresentation(
  authenticate: (call: RestCall) => Promise<void>,
): Representation {
  return {
    bodyBytesMax,
    authenticate,
    encode(_call, message) {
      if (isMessage(message, HttpBodySchema)) {
        const headers = { 'content-type': message.contentType, 'cache-control': 'no-store' };
        return { status: 200, headers, body: message.data };
      }
      if (!isMessage(message, TaskSchema)) throw new Error('Every other answer is a task.');
      return envelope(200, { status: 'OK', result: resultOf(message) });
    },
    encodeError,
  };
}

/** A targetId, or a user and a password. Files are streamed, and counted elsewhere. */
const bodyBytesMax = 64 * 1024;

const jsonType = 'application/json';

function encodeError(_call: RestCall, error: ConnectError): RestReply {
  const status = error.code === Code.Unauthenticated ? 401 : 200;
  const reply = envelope(status, { status: 'ERROR', error: { message: error.rawMessage } });
  const headers = errorHeaders(error);
  headers.delete('www-authenticate');
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="kandasearch"');
  headers.set('content-type', jsonType);
  return { ...reply, headers };
}

function envelope(status: number, body: object): RestReply {
  return { status, headers: { 'content-type': jsonType }, body: JSON.stringify(body) };
}

/** The nine members, in the documented order; what is not known yet is null. */
function resultOf(task: Task) {
  const { id, projectId, instanceSetId, targetId, date, status } = task;
  const { startDate = null, endDate = null, error = null } = task;
  return { id, projectId, instanceSetId, targetId, date, startDate, endDate, status, error };
}
