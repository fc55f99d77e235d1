import type { ISocketFactory } from 'kafkajs';
import { basicHeader } from '../../domain/basic-header.js';
import type { TensorInfo } from '../../domain/model.js';
import type { OipPredictor } from '../../domain/task.js';
import {
  AnswerTooLongError,
  type HttpAnswer,
  HttpCallError,
  httpCall,
  withSlash,
} from '../http-call.js';
import { HttpConnection } from '../http-connection.js';
import { type JsonObject, objectOf, parseObject } from '../json-object.js';
import {
  PredictorRefusedError,
  PredictorUnreachableError,
  RowsRejectedError,
} from '../remote/errors.js';
import { typeOfDatatype } from './datatypes.js';

/** The server failed on the rows, or fails altogether: the answer does not say. */
export class ServerFaultError extends Error {
  override readonly name = 'ServerFaultError';
}

/** Less rows may pass. */
export class TooManyRowsError extends Error {
  override readonly name = 'TooManyRowsError';
}

/** A tensor with the server's own name for its type. */
export interface OipTensor extends TensorInfo {
  readonly datatype: string;
}

/** What a model takes and gives; empty where the server leaves it open. */
export interface OipMetadata {
  readonly inputs: readonly OipTensor[];
  readonly outputs: readonly OipTensor[];
}

/** A thousand rows with some hundred numbers each. */
const answerBytesMax = 32 * 1024 * 1024;
const metadataBytesMax = 1024 * 1024;

/**
 * One model of an Open Inference Protocol server. Each call may throw PredictorUnreachableError, PredictorRefusedError or
 * EGRESS_DENIED.
 */
export class OipServer {
  readonly #predictor: OipPredictor;
  readonly #connection: HttpConnection;
  readonly #root: URL;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(predictor: OipPredictor, socketFactory: ISocketFactory) {
    const { url, model, modelVersion, ca } = predictor;
    this.#predictor = predictor;
    const version = modelVersion === '' ? '' : `versions/${encodeURIComponent(modelVersion)}/`;
    const path = `v2/models/${encodeURIComponent(model)}/${version}`;
    this.#root = new URL(path, withSlash(url));
    this.#headers = { accept: 'application/json', ...authorization(predictor) };
    const tls = ca === '' ? {} : { ca };
    this.#connection = new HttpConnection(this.#root, socketFactory, { keep: true, tls });
  }

  /** Reads what the model takes and gives. */
  async metadata(): Promise<OipMetadata> {
    const url = new URL(this.#root.href.replace(/\/$/, ''));
    const answer = await this.#call({ method: 'GET', url, bytesMax: metadataBytesMax });
    if (answer.status !== 200) throw failureOf(answer, 'for the model');
    const { inputs, outputs } = jsonOf(answer);
    return { inputs: tensorsOf(inputs), outputs: tensorsOf(outputs) };
  }

  /** Throws PredictorUnreachableError unless the model is ready. */
  async assertReady(): Promise<void> {
    const url = new URL('ready', this.#root);
    const answer = await this.#call({ method: 'GET', url, bytesMax: metadataBytesMax });
    if (answer.status === 200) return;
    if (answer.status === 400)
      throw new PredictorUnreachableError(said(answer, 'when asked whether the model is ready'));
    throw failureOf(answer, 'when asked whether the model is ready');
  }

  /** Scores rows. Throws RowsRejectedError, ServerFaultError or TooManyRowsError about them. */
  async infer(body: Buffer): Promise<JsonObject> {
    const url = new URL('infer', this.#root);
    const answer = await this.#call({ method: 'POST', url, body, bytesMax: answerBytesMax });
    if (answer.status === 200) return jsonOf(answer);
    const what = said(answer, 'to rows');
    if (answer.status === 413) throw new TooManyRowsError(what);
    if (answer.status === 400 || answer.status === 422) throw new RowsRejectedError(what);
    if (answer.status === 500) throw new ServerFaultError(what);
    throw failureOf(answer, 'to rows');
  }

  /** Ends the connection. */
  close(): void {
    this.#connection.destroy();
  }

  async #call(call: {
    readonly method: 'GET' | 'POST';
    readonly url: URL;
    readonly body?: Buffer;
    readonly bytesMax: number;
  }): Promise<HttpAnswer> {
    const { timeoutMs } = this.#predictor;
    const type = call.body ? { 'content-type': 'application/json' } : {};
    const headers = { ...this.#headers, ...type };
    try {
      return await httpCall({ ...call, headers, timeoutMs, connection: this.#connection });
    } catch (error) {
      if (error instanceof AnswerTooLongError) {
        const Kind = call.body ? TooManyRowsError : PredictorRefusedError;
        throw new Kind(error.message);
      }
      if (!(error instanceof HttpCallError)) throw error;
      if (isUntrusted(error.cause)) throw new PredictorRefusedError(error.message);
      throw new PredictorUnreachableError(error.message, { cause: error });
    }
  }
}

/** Whether a certificate is not what it must be, which does not pass by itself. */
function isUntrusted(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(code);
}

function authorization({ bearerToken, basic }: OipPredictor): Record<string, string> {
  if (bearerToken !== '') return { authorization: `Bearer ${bearerToken}` };
  return basic ? { authorization: `Basic ${basicHeader(basic)}` } : {};
}

/** What may pass by itself; all else is refused for good. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

function failureOf(answer: HttpAnswer, to: string): Error {
  const message = said(answer, to);
  if (!passing.has(answer.status)) return new PredictorRefusedError(message);
  return new PredictorUnreachableError(message, { retryAfterMs: retryAfterMs(answer) });
}

function said({ status, text }: HttpAnswer, to: string): string {
  const error = parseObject(text)?.error;
  const why = typeof error === 'string' && error !== '' ? `: ${error.slice(0, 300)}` : '';
  return `The server answered ${status} ${to}${why}`;
}

function jsonOf({ text }: HttpAnswer): JsonObject {
  const json = parseObject(text);
  if (json) return json;
  // Something in between answered, such as a gateway while the server is replaced.
  throw new PredictorUnreachableError('The server answered 200 with what is no JSON object');
}

function retryAfterMs({ retryAfter }: HttpAnswer): number {
  if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? 0 : Math.max(0, at - Date.now());
}

function tensorsOf(given: unknown): OipTensor[] {
  if (!Array.isArray(given)) return [];
  return given.map((each) => {
    const { name, datatype, shape } = objectOf(each) ?? {};
    const type = typeOfDatatype(String(datatype));
    if (typeof name !== 'string' || type === undefined || !Array.isArray(shape)) {
      const what = `has a tensor ${String(name)} of the type ${String(datatype)}`;
      throw new PredictorRefusedError(`The model ${what}, which records cannot feed.`);
    }
    return { name, type, datatype: String(datatype), shape: shape.map(sizeOf) };
  });
}

/** A size that is no number is a name for one that is open. */
function sizeOf(size: unknown): number {
  const number = Number(size);
  return Number.isInteger(number) && number >= 0 ? number : -1;
}
