import { harmless } from './terminal.js';

/** How a cell looks on a terminal that takes colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'plain';

/** One column of a table of `T`. */
export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  /** Numbers stand at the right. */
  readonly right?: boolean;
  readonly tone?: (row: T) => Tone;
}

/** Padded columns under their titles, each line with its newline. */
export function renderTable<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  coloured: boolean,
): string {
  const cells = rows.map((row) => columns.map((column) => harmless(column.text(row)) || '-'));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const pad = (text: string, index: number) => {
    const width = widths[index] ?? 0;
    if (columns[index]?.right) return text.padStart(width);
    return index === columns.length - 1 ? text : text.padEnd(width);
  };
  const head = columns.map(({ title }, index) => pad(title, index)).join('  ');
  const body = rows.map((row, line) =>
    columns
      .map(({ tone }, index) => {
        const text = pad(cells[line]?.[index] ?? '', index);
        return coloured && tone ? paint(text, tone(row)) : text;
      })
      .join('  '),
  );
  return [head, ...body].map((line) => `${line.trimEnd()}\n`).join('');
}

/** Names and values in two columns; values that are empty are left out. */
export function renderPairs(pairs: readonly (readonly [string, string])[]): string {
  const shown = pairs.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${harmless(value)}\n`).join('');
}

/** Text in the colour of its tone. */
export function paint(text: string, tone: Tone): string {
  if (tone === 'plain') return text;
  return `\u001b[${colours[tone]}m${text}\u001b[0m`;
}

const colours = { good: 32, warning: 33, bad: 31 } as const;
