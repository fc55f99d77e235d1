import type { AnyDesc, DescFile } from '@bufbuild/protobuf';

/** Comments of the contract, by full name. */
export type Comments = Readonly<Record<string, string>>;

type Described = Exclude<AnyDesc, DescFile>;

/** The comment of a descriptor as Markdown: one line a paragraph. Empty if there is none. */
export function commentOf(comments: Comments, desc: Described): string {
  return (comments[nameOf(desc)] ?? '')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, ' '))
    .join('\n\n');
}

/** The full name of a descriptor: `predictd.v1.Task.name`. */
export function nameOf(desc: Described): string {
  return 'typeName' in desc ? desc.typeName : `${desc.parent.typeName}.${desc.name}`;
}

/** The first sentence of a comment, without its full stop. */
export function firstSentence(comment: string): string {
  return /^.*?(?=\.(?:\s|$)|$)/s.exec(comment)?.[0] ?? '';
}
