import {
  type DescMessage,
  type JsonValue,
  type MessageShape,
  toJson as messageToJson,
} from '@bufbuild/protobuf';
import { stringify } from 'yaml';
import type { Environment } from '../config.js';
import { type Column, renderPairs, renderTable } from './table.js';
import { type Output, takesColour } from './terminal.js';

/** How data is written to stdout. */
export const formats = ['table', 'json', 'yaml', 'jsonl', 'name'] as const;
export type Format = (typeof formats)[number];

/** Where data goes and how it looks there. */
export interface Sink {
  readonly stdout: Output;
  readonly env: Environment;
  readonly format: Format;
  readonly now: () => number;
}

/** How people see a message. */
export interface View<D extends DescMessage> {
  readonly schema: D;
  readonly name: (message: MessageShape<D>) => string;
  readonly columns: (now: number) => readonly Column<MessageShape<D>>[];
  /** Everything about one of them. */
  readonly pairs: (message: MessageShape<D>, now: number) => readonly (readonly [string, string])[];
}

/** Writes one message: all about it, or as one row if it is the answer of a change. */
export function printOne<D extends DescMessage>(
  sink: Sink,
  view: View<D>,
  message: MessageShape<D>,
  shape: 'pairs' | 'row' = 'row',
): void {
  if (sink.format === 'name') {
    sink.stdout.write(`${view.name(message)}\n`);
  } else if (sink.format !== 'table') {
    printJson(sink, toJson(view.schema, message));
  } else if (shape === 'pairs') {
    sink.stdout.write(renderPairs(view.pairs(message, sink.now())));
  } else {
    sink.stdout.write(rows(sink, view, [message]));
  }
}

/** Writes a list. As json and yaml it is the proto's list response, of which `whole` is one. */
export function printList<D extends DescMessage, L extends DescMessage>(
  sink: Sink,
  view: View<D>,
  list: { items: readonly MessageShape<D>[]; schema: L; whole: MessageShape<L> },
): void {
  if (sink.format === 'name') {
    for (const item of list.items) sink.stdout.write(`${view.name(item)}\n`);
  } else if (sink.format === 'jsonl') {
    for (const item of list.items) printJson(sink, toJson(view.schema, item));
  } else if (sink.format !== 'table') {
    printJson(sink, toJson(list.schema, list.whole));
  } else {
    sink.stdout.write(rows(sink, view, list.items));
  }
}

/** Writes a JSON value: one line as jsonl, indented as json, or yaml. */
export function printJson(sink: Pick<Sink, 'stdout' | 'format'>, value: JsonValue): void {
  if (sink.format === 'yaml') sink.stdout.write(stringify(value));
  else if (sink.format === 'jsonl') sink.stdout.write(`${JSON.stringify(value)}\n`);
  else sink.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The proto's JSON, with fields that are zero or empty: a script finds every field it asks for. */
export function toJson<D extends DescMessage>(schema: D, message: MessageShape<D>): JsonValue {
  return messageToJson(schema, message, { alwaysEmitImplicit: true });
}

function rows<D extends DescMessage>(
  sink: Sink,
  view: View<D>,
  items: readonly MessageShape<D>[],
): string {
  return renderTable(view.columns(sink.now()), items, takesColour(sink.stdout, sink.env));
}
