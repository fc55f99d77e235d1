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
    const { stdout, env } = sink;
    stdout.write(renderTable(view.columns(sink.now()), [message], takesColour(stdout, env)));
  }
}

/** Writes a list of messages. As json and yaml it is the proto's list response, of which `whole` is one. */
export function printList<D extends DescMessage, L extends DescMessage>(
  sink: Sink,
  view: View<D>,
  list: { items: readonly MessageShape<D>[]; schema: L; whole: MessageShape<L> },
): void {
  printItems(sink, {
    items: list.items,
    name: view.name,
    columns: view.columns(sink.now()),
    json: (item) => toJson(view.schema, item),
    whole: () => toJson(list.schema, list.whole),
  });
}

/** A list of any kind, and how it looks in each format. */
export interface Items<T> {
  readonly items: readonly T[];
  readonly name: (item: T) => string;
  readonly columns: readonly Column<T>[];
  readonly json: (item: T) => JsonValue;
  /** What json and yaml show of all of them. */
  readonly whole: () => JsonValue;
}

/** Writes a list: a line for each, or the whole of it as json and yaml. */
export function printItems<T>(
  sink: Omit<Sink, 'now'>,
  { items, name, columns, json, whole }: Items<T>,
): void {
  const { stdout, env, format } = sink;
  if (format === 'name') for (const item of items) stdout.write(`${name(item)}\n`);
  else if (format === 'jsonl') for (const item of items) printJson(sink, json(item));
  else if (format !== 'table') printJson(sink, whole());
  else stdout.write(renderTable(columns, items, takesColour(stdout, env)));
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
