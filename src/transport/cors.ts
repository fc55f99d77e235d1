/** Which other origins may call from a browser. Without it, none may. */
export interface CorsOptions {
  /** Origins as browsers send them, for example `https://console.example`. `*` is not understood. */
  readonly origins: readonly string[];
  /** Whether browsers may send cookies and HTTP authentication along. Default: no. */
  readonly credentials?: boolean;
  /** Response headers that scripts may read, besides the safe-listed ones. */
  readonly exposedHeaders?: readonly string[];
  /** How long browsers may keep a preflight's answer. Default: 7200, the most Chrome keeps. */
  readonly maxAgeSeconds?: number;
}

/** Whatever can be asked for the header of a request; null if it is not there. */
export type RequestHeader = Pick<Headers, 'get'>;

/** What the cross-origin rules say of a request: headers that its answer must carry. */
export type CorsHeaders = Readonly<Record<string, string>>;

/**
 * The headers with which an answer is shared with the origin that asked; none for origins that are
 * not listed. `Vary` is set as soon as answers can differ by origin.
 */
export function corsHeaders(cors: CorsOptions | undefined, header: RequestHeader): CorsHeaders {
  if (cors === undefined) {
    return {};
  }
  const origin = header.get('origin');
  if (origin === null || !cors.origins.includes(origin)) {
    return { vary: 'origin' };
  }
  const exposed = cors.exposedHeaders ?? [];
  return {
    vary: 'origin',
    'access-control-allow-origin': origin,
    ...(cors.credentials === true && { 'access-control-allow-credentials': 'true' }),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(', ') }),
  };
}

/** Headers that answer a preflight for a path on which `allowed` methods exist. */
export function preflightHeaders(
  cors: CorsOptions | undefined,
  header: RequestHeader,
  allowed: readonly string[],
): CorsHeaders {
  const shared = corsHeaders(cors, header);
  if (!('access-control-allow-origin' in shared)) {
    return shared;
  }
  const requested = header.get('access-control-request-headers');
  return {
    ...shared,
    vary: 'origin, access-control-request-method, access-control-request-headers',
    'access-control-allow-methods': allowed.join(', '),
    ...(requested !== null && { 'access-control-allow-headers': requested }),
    'access-control-max-age': String(cors?.maxAgeSeconds ?? 7_200),
  };
}

/**
 * Whether a browser makes the call for a page of another origin that is not listed. Such calls can be made without a
 * preflight, and with the user's credentials. Callers that are no browsers send neither of the two headers.
 */
export function isForeign(
  cors: CorsOptions | undefined,
  header: RequestHeader,
  url: string,
): boolean {
  const origin = header.get('origin');
  const site = header.get('sec-fetch-site');
  if (origin !== null && cors?.origins.includes(origin) === true) {
    return false;
  }
  return site === null
    ? origin !== null && hostOf(origin) !== hostOf(url)
    : site !== 'same-origin' && site !== 'none';
}

function hostOf(url: string): string | undefined {
  return /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase();
}
