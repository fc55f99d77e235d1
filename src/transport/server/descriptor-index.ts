import type {
  DescExtension,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
} from '@bufbuild/protobuf';
import { nestedTypes } from '@bufbuild/protobuf/reflect';

/** Finds descriptor files by what they contain. Immutable. */
export interface DescriptorIndex {
  fileByName(name: string): DescFile | undefined;
  /** `symbol` is a full name without a leading dot: of a type, field, oneof, enum value, service, method or extension. */
  fileBySymbol(symbol: string): DescFile | undefined;
  fileByExtension(extendee: string, number: number): DescFile | undefined;
  /** Ascending; undefined if no message of that name exists. */
  extensionNumbers(extendee: string): readonly number[] | undefined;
}

/** Indexes `roots` and all they import. */
export function indexDescriptors(roots: Iterable<DescFile>): DescriptorIndex {
  const files = new Map<string, DescFile>();
  const symbols = new Map<string, DescFile>();
  const extensions = new Map<string, Map<number, DescFile>>();
  for (const file of withImports(roots)) {
    files.set(file.proto.name, file);
    for (const symbol of symbolsOf(file)) symbols.set(symbol, file);
    for (const type of nestedTypes(file)) {
      if (type.kind === 'message') ownMap(extensions, type.typeName);
      if (type.kind === 'extension') addExtension(extensions, type, file);
    }
  }
  return {
    fileByName: (name) => files.get(name),
    fileBySymbol: (symbol) => symbols.get(symbol),
    fileByExtension: (extendee, number) => extensions.get(extendee)?.get(number),
    extensionNumbers(extendee) {
      const known = extensions.get(extendee);
      return known === undefined ? undefined : [...known.keys()].sort((a, b) => a - b);
    },
  };
}

/** `roots` followed by everything they import, each file once. */
export function withImports(roots: Iterable<DescFile>): DescFile[] {
  const found = new Set(roots);
  // A Set hands out what is added while it is walked.
  for (const file of found) for (const imported of file.dependencies) found.add(imported);
  return [...found];
}

function* symbolsOf(file: DescFile): Generator<string> {
  for (const type of nestedTypes(file)) {
    yield type.typeName;
    if (type.kind === 'message') yield* membersOf(type);
    if (type.kind === 'service') for (const m of type.methods) yield `${type.typeName}.${m.name}`;
    if (type.kind === 'enum') {
      // In protobuf an enum's values live beside the enum, not in it.
      const scope = type.typeName.slice(0, -type.name.length);
      for (const value of type.values) yield scope + value.name;
    }
  }
}

function* membersOf(message: DescMessage): Generator<string> {
  const members: readonly (DescField | DescOneof)[] = [...message.fields, ...message.oneofs];
  for (const { name } of members) yield `${message.typeName}.${name}`;
}

function addExtension(
  extensions: Map<string, Map<number, DescFile>>,
  extension: DescExtension,
  file: DescFile,
): void {
  ownMap(extensions, extension.extendee.typeName).set(extension.number, file);
}

function ownMap(maps: Map<string, Map<number, DescFile>>, key: string): Map<number, DescFile> {
  const existing = maps.get(key);
  if (existing !== undefined) return existing;
  const added = new Map<number, DescFile>();
  maps.set(key, added);
  return added;
}
