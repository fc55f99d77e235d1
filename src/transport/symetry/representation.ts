import { isMessage, type Message } from '@bufbuild/protobuf';
import type { ConnectError } from '@connectrpc/connect';
import { PredictionService } from '../../../gen/ts/symetry/v1/prediction_service_pb.js';
import { ReplySchema, type Values } from '../../../gen/ts/symetry/v1/reply_pb.js';
import { DomainError } from '../../domain/errors.js';
import { toConnectError } from '../errors.js';
import { errorHeaders } from '../rest/errors.js';
import type { DecodedBody, Representation, RestReply } from '../rest/representation.js';
import type { RestCall } from '../rest/rest-call.js';
import { authenticate, type SignatureDeps } from './auth.js';
import { readDataFrame } from './data-frame.js';
import { answerOf } from './errors.js';
import { readTaskInfo } from './task-info.js';

/** How SymetryML looks over HTTP: signed requests, encrypted bodies, and every answer in one envelope. */
export function symetryRepresentation(
  deps: SignatureDeps & { readonly allowPlainTaskInfo: boolean },
): Representation {
  return {
    bodyBytesMax,
    async authenticate(call) {
      try {
        await authenticate(deps, call);
      } catch (error) {
        throw error instanceof DomainError ? toConnectError(error) : error;
      }
    },
    decodeBody: (call) => decodeBody(call, deps.allowPlainTaskInfo),
    encode(call, message) {
      if (!isMessage(message, ReplySchema)) throw new Error('Every answer is a Reply.');
      const { statusCode, statusString, values } = message;
      return envelope(call.status ?? 200, { statusCode, statusString, values: valuesOf(values) });
    },
    encodeError: errorReply,
  };
}

/** A thousand rows of some hundred numbers. */
const bodyBytesMax = 4 * 1024 * 1024;

function decodeBody(call: RestCall, allowPlain: boolean): DecodedBody {
  const isFrame = call.route?.method.parent === PredictionService;
  const message: Message = isFrame ? readDataFrame(call) : readTaskInfo(call, allowPlain);
  return { type: 'message', message };
}

function errorReply(_call: RestCall, error: ConnectError): RestReply {
  const { status, statusString, values = {} } = answerOf(error);
  const reply = envelope(status, { statusCode: nameOf(status), statusString, values });
  const headers = errorHeaders(error);
  // The challenge of the core's own ways to log in does not hold here.
  headers.delete('www-authenticate');
  headers.set('content-type', contentType);
  return { ...reply, headers };
}

interface Envelope {
  readonly statusCode: string;
  readonly statusString: string;
  readonly values: object;
}

const contentType = 'application/json';

function envelope(status: number, body: Envelope): RestReply {
  return { status, headers: { 'content-type': contentType }, body: escapeHtml(body) };
}

function valuesOf(values: Values | undefined): object {
  const { stringList, ksvsMap } = values ?? {};
  return {
    ...(stringList ? { stringList: { values: stringList.values } } : {}),
    ...(ksvsMap ? { KSVSMap: { values: ksvsMap.values.map(({ entries }) => entries) } } : {}),
  };
}

/** JSON as the documents show it: what could be read as HTML is written as `\\u003c` and the like. */
function escapeHtml(body: Envelope): string {
  return JSON.stringify(body).replace(
    /[<>&='\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The name of a status in the envelope. */
function nameOf(status: number): string {
  return statusNames.get(status) ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
}

const statusNames: ReadonlyMap<number, string> = new Map([
  [401, 'UNAUTHORIZED'],
  [404, 'NOT_FOUND'],
  [405, 'METHOD_NOT_ALLOWED'],
  [409, 'CONFLICT'],
  [413, 'REQUEST_ENTITY_TOO_LARGE'],
  [414, 'REQUEST_URI_TOO_LONG'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [501, 'NOT_IMPLEMENTED'],
  [503, 'SERVICE_UNAVAILABLE'],
]);
