import { negotiate } from '../accept.js';
import type { RestCall } from '../rest/rest-call.js';

/** How an answer is written. */
export interface Format {
  readonly contentType: string;
  readonly syntax: 'rdf-xml' | 'turtle' | 'uri-list' | 'json';
}

/**
 * The format that a caller likes best: `media` goes before `Accept`, and where neither names anything that is written
 * here it is RDF/XML, as API 1.2 says, not 406.
 */
export function formatOf({ request }: Pick<RestCall, 'request'>): Format {
  const media = parameter(request.rawQuery, 'media');
  const wished = media ?? request.header.get('accept');
  return formats.get(negotiate(wished, [...formats.keys()]) ?? '') ?? rdfXml;
}

/** The format, if the caller would rather have a URI list or RDF than JSON. */
export function taskFormatOf({ request }: Pick<RestCall, 'request'>): Format | undefined {
  const offered = [...formats.keys()].filter((type) => type !== jsonType);
  const chosen = negotiate(request.header.get('accept'), [jsonType, ...offered]);
  return chosen === jsonType ? undefined : formats.get(chosen ?? '');
}

/** A parameter of the query that is given and not empty. Never throws. */
export function parameter(rawQuery: string | undefined, name: string): string | undefined {
  return new URLSearchParams(rawQuery ?? '').get(name) || undefined;
}

const jsonType = 'application/json';
const rdfXml: Format = { contentType: 'application/rdf+xml;charset=UTF-8', syntax: 'rdf-xml' };

/** By media type; what is liked equally is chosen in this order. */
const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['application/rdf+xml', rdfXml],
  ['text/uri-list', { contentType: 'text/uri-list;charset=UTF-8', syntax: 'uri-list' }],
  ['text/turtle', { contentType: 'text/turtle;charset=UTF-8', syntax: 'turtle' }],
  ['application/x-turtle', { contentType: 'application/x-turtle;charset=UTF-8', syntax: 'turtle' }],
  ['text/n3', { contentType: 'text/n3;charset=UTF-8', syntax: 'turtle' }],
  [jsonType, { contentType: jsonType, syntax: 'json' }],
]);

/** The media types that are written here. */
export const mediaTypes: readonly string[] = [...formats.keys()];
