import type { JsonValue } from '@bufbuild/protobuf';
import { JobService } from '../../../gen/ts/datameer/v1/job_service_pb.js';
import type { Authenticator } from '../auth.js';
import { errorHeaders, restError } from '../rest/errors.js';
import type { HeaderFields } from '../rest/http/header-fields.js';
import type { DecodedBody, Representation, RestReply } from '../rest/representation.js';
import type { RestCall } from '../rest/rest-call.js';
import { authenticate } from './auth.js';
import { type BodyOptions, bodyOf } from './bodies.js';
import { failureOf } from './failure.js';
import { readSequenceBody } from './sequence-body.js';

/** A sequence of a hundred jobs with as many variables fits. */
const bodyBytesMax = 64 * 1_024;

/** How Datameer's API looks: JSON over several lines, since scripts read it line by line, and one form of failure. */
export function datameerRepresentation({
  authenticator,
  oldJobDetails,
}: BodyOptions & { readonly authenticator: Authenticator }): Representation {
  return {
    bodyBytesMax,
    // Asked for by clients of old; it is as pretty without.
    ownQuery: ['pretty'],
    // Some clients send an empty form with every POST.
    ignoresBody: true,
    // The path of a file begins with a slash.
    allowsEmptySegments: true,
    authenticate: (call) => authenticate(authenticator, call),
    decodeBody: decodeSequence,
    encode(_call, message) {
      const body = bodyOf(message, { oldJobDetails });
      return body === undefined ? { status: 200, body: '' } : reply(200, body);
    },
    encodeError(call, error) {
      const removes = call.route?.method === JobService.method.removeData;
      const { httpStatus, reason } = failureOf(error, removes);
      return reply(httpStatus, { status: 'failure', reason }, errorHeaders(error));
    },
  };
}

function decodeSequence({ request }: RestCall): DecodedBody {
  if (request.body.byteLength === 0) return { type: 'empty' };
  const contentType = request.header.get('content-type') ?? 'application/json';
  if (!/^application\/json\s*(?:;|$)/i.test(contentType)) {
    throw restError(415, 'content-type: expected application/json');
  }
  return { type: 'json', value: readSequenceBody(request.body) };
}

function reply(status: number, body: JsonValue, headers?: HeaderFields): RestReply {
  const all = new Headers(headers);
  all.set('content-type', 'application/json');
  return { status, headers: all, body: JSON.stringify(body, undefined, 2) };
}
