/**
 * Picks the offered media type that an `Accept` header likes best; among equals the one offered
 * first. Without a header everything is welcome; undefined means that nothing offered is.
 */
export function negotiate(accept: string | null, offered: readonly string[]): string | undefined {
  if (accept === null || accept.trim() === '') {
    return offered[0];
  }
  const ranges = accept.split(',').map(parseRange);
  let best: string | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

/** Whether an `Accept-Encoding` header welcomes gzip. Without the header, nothing is compressed. */
export function acceptsGzip(acceptEncoding: string | null): boolean {
  if (acceptEncoding === null || acceptEncoding === '') {
    return false;
  }
  const ranges = acceptEncoding.split(',').map(parseRange);
  const named = ranges.find(({ name }) => name === 'gzip' || name === 'x-gzip');
  const range = named ?? ranges.find(({ name }) => name === '*');
  return range !== undefined && range.quality > 0;
}

/** A media type as a `Content-Type` header names it: without parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

interface Range {
  readonly name: string;
  readonly quality: number;
}

function parseRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const value = quality === undefined ? 1 : Number(quality);
  return { name, quality: value >= 0 && value <= 1 ? value : 0 };
}

/** The quality of the most specific range that covers a type (RFC 9110, section 12.5.1). */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const name = mediaType(type);
  const group = `${name.split('/', 1)[0]}/*`;
  for (const wanted of [name, group, '*/*']) {
    const range = ranges.find((each) => each.name === wanted);
    if (range !== undefined) {
      return range.quality;
    }
  }
  return 0;
}
