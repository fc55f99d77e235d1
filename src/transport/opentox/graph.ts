/** A name in one of the vocabularies below. */
export type Name = `${keyof typeof vocabularies}:${string}`;

/** The vocabularies of OpenTox API 1.1, by the prefixes that its documents use. */
export const vocabularies = {
  ot: 'http://www.opentox.org/api/1.1#',
  dc: 'http://purl.org/dc/elements/1.1/',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

/** What an RDF document says, in the order in which it is written. */
export type Graph = readonly Description[];

/** What is said of one thing. */
export interface Description {
  /** Absent: a thing without a name of its own. */
  readonly subject?: Iri;
  readonly type: Name;
  readonly properties: readonly Property[];
}

export type Property = readonly [name: Name, value: Iri | Literal];

/** A URI that may stand in an RDF document of any syntax. Only `iri` makes one. */
export interface Iri {
  readonly iri: string;
}

/** Text that may stand in an RDF document of any syntax. Only `literal` makes one. */
export interface Literal {
  readonly text: string;
  readonly datatype: Name;
}

/** Takes absolute HTTP URIs of RFC 3986 and nothing else; undefined otherwise. */
export function parseIri(text: string): Iri | undefined {
  return uriPattern.test(text) && URL.canParse(text) ? { iri: text } : undefined;
}

/** Takes a URI that the service made itself. */
export function iri(text: string): Iri {
  const parsed = parseIri(text);
  if (!parsed) throw new TypeError(`"${text}" is no absolute HTTP URI`);
  return parsed;
}

/** A value; characters that XML cannot say, control characters above all, become U+FFFD. */
export function literal(text: string, datatype: Name): Literal {
  return { text: text.replace(unsayable, '\uFFFD'), datatype };
}

/** The full URI of a name. */
export function expand(name: Name): string {
  const colonAt = name.indexOf(':');
  const prefix = name.slice(0, colonAt) as keyof typeof vocabularies;
  return vocabularies[prefix] + name.slice(colonAt + 1);
}

const character = String.raw`(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})`;
const uriPattern = new RegExp(`^https?://${character}+(?:#${character}*)?$`);

/** All but the characters of XML 1.0; with `u`, halves of surrogate pairs are among these. */
const unsayable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
