import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { runProcess } from '../../support/process.js';
import { pythonPackage } from '../../support/python-package.js';

/** What rdflib read: one statement of a document. */
export interface Triple {
  readonly subject: string;
  readonly predicate: string;
  readonly object: string;
  /** Of literals; `null` for IRIs and things without a name. */
  readonly datatype: string | null;
  readonly kind: 'URIRef' | 'BNode' | 'Literal';
}

export const ot = 'http://www.opentox.org/api/1.1#';
export const dc = 'http://purl.org/dc/elements/1.1/';
export const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
export const xsd = 'http://www.w3.org/2001/XMLSchema#';

const script = `
import json, sys
from rdflib import Graph
graph = Graph()
graph.parse(data=sys.stdin.buffer.read(), format=sys.argv[1])
print(json.dumps([{
  "subject": str(s), "predicate": str(p), "object": str(o),
  "kind": type(o).__name__, "datatype": str(o.datatype) if getattr(o, "datatype", None) else None,
} for s, p, o in graph]))
`;

/** Reads a document with rdflib, an RDF library that has nothing in common with ours. */
export async function readRdf(
  test: TestContext,
  document: string,
  format: 'xml' | 'turtle' | 'n3' = 'xml',
): Promise<readonly Triple[]> {
  const PYTHONPATH = await pythonPackage('rdflib==7.1.4');
  const args = ['-W', 'ignore', '-c', script, format];
  const end = await runProcess(test, 'python3', { args, input: document, env: { PYTHONPATH } });
  assert.equal(end.code, 0, end.stderr);
  return JSON.parse(end.stdout);
}

/** The values of a property, of one subject or of all. */
export function valuesOf(triples: readonly Triple[], predicate: string, subject?: string) {
  return triples
    .filter((each) => each.predicate === predicate && (subject ?? each.subject) === each.subject)
    .map(({ object }) => object);
}

/** The things of a type. */
export function typed(triples: readonly Triple[], type: string): readonly string[] {
  return triples
    .filter(({ predicate, object }) => predicate === `${rdf}type` && object === type)
    .map(({ subject }) => subject);
}

/** The one statement with a predicate. */
export function only(triples: readonly Triple[], predicate: string): Triple {
  const found = triples.filter((each) => each.predicate === predicate);
  const [first] = found;
  assert.ok(first && found.length === 1, `${found.length} statements with ${predicate}`);
  return first;
}
