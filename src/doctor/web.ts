import { readFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type Check, failed, ok, skipped, type Verdict, warning } from './finding.js';

/** A place that speaks HTTP, and the PEM file of its authority if it is not a public one. */
export interface WebPlace {
  readonly url: string;
  readonly caFile?: string | undefined;
}

/** Checks of a service, the first of which finds out whether it answers. */
export interface ServiceChecks {
  readonly checks: readonly Check[];
  /** The same check, left out if the service does not answer: that is told once. */
  readonly ifAnswered: (check: Check) => Check;
}

/** What a service must answer to anybody: that it is ready, in our time, with a certificate that lasts. */
export function serviceChecks(place: WebPlace): ServiceChecks {
  let asked: Promise<Answer> | undefined;
  const answer = () => {
    asked ??= get(place, '/readyz');
    return asked;
  };
  const ifAny = (look: (answer: Answer) => Verdict | Promise<Verdict>) => () =>
    answer().then(look, () => skipped('the service does not answer'));
  const hint = `is it running at ${place.url}? Start it with: predictd serve --data DIR`;
  return {
    checks: [
      { subject: 'service', hint, look: async () => readiness(place, await answer()) },
      { subject: 'clock', hint, look: ifAny(clock) },
      { subject: 'certificate', hint, look: ifAny(certificate) },
    ],
    ifAnswered: (check) => ({ ...check, look: ifAny(async () => check.look()) }),
  };
}

/** What a schema registry must answer. */
export function registryCheck(place: WebPlace): Check {
  return {
    subject: 'schema registry',
    hint: `is it running at ${place.url}, and may this machine connect to it?`,
    look: async () => {
      const { status } = await get(place, '/subjects');
      if (status === 200) return ok('answers');
      if (status === 401 || status === 403)
        return warning(`asks who calls (${status})`, 'give its password in the task');
      return failed(`answers ${status} to /subjects`, 'is this the URL of a schema registry?');
    },
  };
}

function readiness(place: WebPlace, { status, body }: Answer): Verdict {
  if (status === 200) return ok(`${place.url} is ready`);
  if (status !== 503) {
    return failed(`${place.url} answers ${status} to /readyz`, 'is this the URL of predictd?');
  }
  return failed(`${place.url} is not ready: ${body.slice(0, 300)}`, 'look at its log');
}

/** Signed requests are refused beyond a minute ahead, five behind. */
const SKEW_S_FATAL = 60;
const SKEW_S_MAX = 5;

function clock({ headers, sentAt, receivedAt }: Answer): Verdict {
  const there = Date.parse(headers.date ?? '');
  if (Number.isNaN(there)) return skipped('the service does not tell its time');
  // It tells whole seconds, of a moment between the two.
  const skew = Math.max(0, sentAt - (there + 1_000), there - receivedAt);
  const seconds = Math.ceil(skew / 1_000);
  if (seconds === 0) return ok('as that of the service');
  const detail = `${seconds} s apart from that of the service`;
  const hint = 'let both machines set their clocks by NTP';
  if (seconds > SKEW_S_FATAL) return failed(detail, hint);
  return seconds > SKEW_S_MAX ? warning(detail, hint) : ok(detail);
}

const DAY_MS = 86_400_000;
/** Half of the shortest time that public authorities give. */
const DAYS_LEFT_MIN = 21;

function certificate({ validTo }: Answer): Verdict {
  if (validTo === undefined) return skipped('the service is called without TLS');
  const days = Math.floor((Date.parse(validTo) - Date.now()) / DAY_MS);
  const detail = `valid until ${validTo}, ${days} days`;
  const hint = 'get a new one and start the service again: it reads the files when it starts';
  return days < DAYS_LEFT_MIN ? warning(detail, hint) : ok(detail);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly validTo: string | undefined;
  readonly sentAt: number;
  readonly receivedAt: number;
}

const DEADLINE_MS = 5_000;
const BODY_CHARS_MAX = 4_096;

async function get({ url, caFile }: WebPlace, path: string): Promise<Answer> {
  const options = caFile === undefined ? {} : { ca: await readFile(caFile) };
  const sentAt = Date.now();
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { ...options, signal }, (response) => {
      const receivedAt = Date.now();
      const { statusCode: status = 0, headers, socket } = response;
      const validTo =
        'getPeerCertificate' in socket
          ? (socket as TLSSocket).getPeerCertificate().valid_to
          : undefined;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body = `${body}${text}`.slice(0, BODY_CHARS_MAX);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status, headers, body, validTo, sentAt, receivedAt }));
    });
    call.on('error', (error) =>
      reject(
        signal.aborted ? new Error(`${url} did not answer within ${DEADLINE_MS / 1_000} s`) : error,
      ),
    );
    call.end();
  });
}
