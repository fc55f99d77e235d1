import { type Description, expand, type Graph, type Property, vocabularies } from './graph.js';

/** Writes a graph as RDF/XML: each thing as one element of its type, none within another. */
export function writeRdfXml(graph: Graph): string {
  const prefixes = Object.entries(vocabularies);
  const namespaces = prefixes.map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`).join('');
  const things = graph.map(thing).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF${namespaces}>\n${things}</rdf:RDF>\n`;
}

function thing({ subject, type, properties }: Description): string {
  const about = subject ? ` rdf:about="${escaped(subject.iri)}"` : '';
  return `  <${type}${about}>\n${properties.map(property).join('')}  </${type}>\n`;
}

function property([name, value]: Property): string {
  if ('iri' in value) return `    <${name} rdf:resource="${escaped(value.iri)}"/>\n`;
  const datatype = expand(value.datatype);
  return `    <${name} rdf:datatype="${datatype}">${escaped(value.text)}</${name}>\n`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser would read it as a line feed.
  '\r': '&#13;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => escapes[character] ?? '');
}
