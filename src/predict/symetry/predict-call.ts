import type { ISocketFactory } from 'kafkajs';
import type { SymetryPredictor } from '../../domain/task.js';
import { formatUtc } from '../../secrets/symetry-date.js';
import { md5, sign } from '../../secrets/symetry-signature.js';
import { type HttpAnswer, HttpCallError, httpCall, withSlash } from '../http-call.js';
import { objectOf, parseObject } from '../json-object.js';
import {
  PredictorRefusedError,
  PredictorUnreachableError,
  RowsRejectedError,
} from '../remote/errors.js';

/** A table as SymetryML takes it. */
export interface DataFrame {
  readonly attributeNames: readonly string[];
  /** One letter each: C number, B 0 or 1, S text. */
  readonly attributeTypes: readonly string[];
  readonly data: readonly (readonly string[])[];
}

/** A map of texts for each row. */
export type RowMaps = readonly Readonly<Record<string, string>>[];

/** Scores rows by one signed call. Throws one of the errors of a remote predictor, or EGRESS_DENIED. */
export async function predictCall(
  predictor: SymetryPredictor,
  frame: DataFrame,
  { socketFactory, now }: { readonly socketFactory: ISocketFactory; readonly now: number },
): Promise<RowMaps> {
  const { user, project, model, secretKey } = predictor;
  const parts = [user, 'projects', project, 'predict', model].map(encodeURIComponent);
  const url = new URL(`symetry/rest/${parts.join('/')}`, withSlash(predictor.url));
  const body = Buffer.from(JSON.stringify(frame));
  const signed = {
    verb: 'POST',
    contentMd5: md5(body),
    secretKey,
    symDate: `${formatUtc(now)};${(now % 1_000) * 1_000_000}`,
    cid: user,
    body,
    path: url.pathname,
    query: '',
  };
  const call = {
    method: 'POST',
    url,
    headers: {
      authorization: sign(signed).toString('base64'),
      'sym-date': signed.symDate,
      'content-md5': signed.contentMd5,
      'customer-id': user,
      'sym-version': '6.3',
      'content-type': 'application/json',
    },
    body,
    bytesMax: answerBytesMax,
    timeoutMs,
    connection: socketFactory,
  } as const;
  return read(await answered(call), frame.data.length);
}

/** A thousand rows with a hundred keys. */
const answerBytesMax = 16 * 1024 * 1024;
/** Below the time after which a loop that does not turn counts as hanging. */
const timeoutMs = 10_000;

async function answered(call: Parameters<typeof httpCall>[0]): Promise<HttpAnswer> {
  try {
    return await httpCall(call);
  } catch (error) {
    if (!(error instanceof HttpCallError)) throw error;
    throw new PredictorUnreachableError(error.message, { cause: error });
  }
}

function read({ status, text }: HttpAnswer, rows: number): RowMaps {
  const { statusString, values } = parseObject(text) ?? { statusString: 'no JSON object' };
  const said = `The SymetryML server answered ${status}: ${String(statusString).slice(0, 300)}`;
  if (status === 400) {
    const isOfProject = /SYMETRYML id|sym-date|UTC|Md5|Date Format/.test(String(statusString));
    throw isOfProject ? new PredictorRefusedError(said) : new RowsRejectedError(said);
  }
  if (status === 500 && /no such model/.test(text)) throw new PredictorRefusedError(said);
  if (status >= 500) throw new PredictorUnreachableError(said);
  if (status !== 200) throw new PredictorRefusedError(said);
  const maps = mapsOf(values);
  if (maps.length === rows) return maps;
  throw new PredictorRefusedError(`${said}, with ${maps.length} predictions for ${rows} rows`);
}

function mapsOf(values: unknown): RowMaps {
  const maps = objectOf(objectOf(values)?.KSVSMap)?.values;
  if (!Array.isArray(maps)) return [];
  return maps.map((map) =>
    Object.fromEntries(
      Object.entries(objectOf(map) ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  );
}
