import type { OipDraft } from './draft.js';
import { limits } from './limits.js';
import { elsewhere, type SecretPlace, urlReceiver } from './secret-place.js';
import type { OipPredictor } from './task.js';
import { readColumns } from './validate-columns.js';
import { keep, readBasic } from './validate-secret.js';
import { readCertificates, readUrl } from './validate-source.js';
import type { SpecContext } from './validate-value.js';
import { type Place, text } from './validate-value.js';

type PlaceInSpec = Place & { readonly context: SpecContext };

/** Reads a predictor of the Open Inference Protocol. Whether its model is there and fits, only its server knows. */
export function readOip(draft: OipDraft, { faults, path, context }: PlaceInSpec): OipPredictor {
  const before = context.previous?.predictor;
  const previous = before?.type === 'oip' ? before : undefined;
  if (!draft.url) faults.add(`${path}.url`, 'REQUIRED', 'Give the root of the server.');
  if (!draft.model) faults.add(`${path}.model`, 'REQUIRED', 'Name the model.');
  const receiver = (of: OipDraft) => urlReceiver(of.url, of.ca);
  const secret = { faults, elsewhere: previous && elsewhere(receiver(draft), receiver(previous)) };
  const basic =
    draft.basic && readBasic(draft.basic, previous?.basic, { ...secret, path: `${path}.basic` });
  if (draft.bearerToken && basic) {
    faults.add(`${path}.basic`, 'CONFLICT', 'Give either bearer_token or basic.');
  }
  const ca = draft.ca ?? '';
  readCertificates(ca, { faults, path: `${path}.ca` });
  return {
    type: 'oip',
    url: readUrl(draft.url ?? '', { faults, path: `${path}.url`, context }),
    model: readName(draft.model, { faults, path: `${path}.model` }),
    modelVersion: readName(draft.modelVersion, { faults, path: `${path}.model_version` }),
    ...readColumns(draft, { faults, path }),
    bearerToken: readToken(draft.bearerToken, previous?.bearerToken, {
      ...secret,
      path: `${path}.bearer_token`,
    }),
    ...(basic ? { basic } : {}),
    ca,
    timeoutMs: readTimeout(draft.timeoutMs, { faults, path: `${path}.timeout` }),
  };
}

/** A part of a path, which dots alone would lead elsewhere. */
function readName(given: string | undefined, { faults, path }: Place): string {
  const name = text(given ?? '', { faults, path, charsMax: limits.nameCharsMax });
  if (/^\.\.?$/.test(name)) faults.add(path, 'INVALID_NAME', `"${name}" is no name.`);
  return name;
}

function readToken(
  given: string | undefined,
  previous: string | undefined,
  place: SecretPlace,
): string {
  const { faults, path } = place;
  const token = keep(given ?? '', previous, place);
  if (/[^\x21-\x7e]/.test(token)) {
    faults.add(path, 'INVALID_CHARACTER', 'A token has visible ASCII characters only.');
    return token;
  }
  return text(token, { faults, path, charsMax: limits.credentialCharsMax });
}

function readTimeout(given: number | undefined, { faults, path }: Place): number {
  const { remoteTimeoutMsLeast: least, remoteTimeoutMsMax: most } = limits;
  const ms = given ?? limits.remoteTimeoutMsDefault;
  if (ms >= least && ms <= most) return ms;
  faults.add(path, 'OUT_OF_RANGE', `Give a time from ${least / 1_000}s to ${most / 1_000}s.`);
  return limits.remoteTimeoutMsDefault;
}
