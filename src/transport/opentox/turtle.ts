import { DataFactory, type Quad, Writer } from 'n3';
import { type Description, expand, type Graph, type Property, vocabularies } from './graph.js';

/** Writes a graph as Turtle, which is N3 as well. */
export function writeTurtle(graph: Graph): string {
  const writer = new Writer({ prefixes: vocabularies });
  writer.addQuads(graph.flatMap(quads));
  let text = '';
  // Without a stream to write to, the writer answers before `end` returns.
  writer.end((error, result: string) => {
    if (error) throw error;
    text = result;
  });
  return text;
}

const { blankNode, namedNode, literal, quad } = DataFactory;

function quads({ subject, type, properties }: Description): Quad[] {
  const node = subject ? namedNode(subject.iri) : blankNode();
  const typed = quad(node, namedNode(expand('rdf:type')), namedNode(expand(type)));
  const rest = properties.map(([name, value]) =>
    quad(node, namedNode(expand(name)), objectOf(value)),
  );
  return [typed, ...rest];
}

function objectOf(value: Property[1]) {
  return 'iri' in value
    ? namedNode(value.iri)
    : literal(value.text, namedNode(expand(value.datatype)));
}
