import type { Figures } from './lab.js';

/** What became of one case. */
export interface Row {
  readonly fault: number;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly figures?: Figures;
  /** Why it failed or was skipped. */
  readonly why?: string;
}

const heads = ['', 'fault', 'injected', 'in', 'out', 'lost', 'doubled', 'recovery', 'outcome'];

/** The rows as a table for a terminal. */
export function rowsText(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function cells({ fault, name, figures, outcome }: Row): string[] {
  const numbers = [
    figures?.injected,
    figures?.recordsIn,
    figures?.recordsOut,
    figures?.lost,
    figures?.doubled,
  ].map((number) => (number === undefined ? '-' : String(number)));
  return [String(fault), name, ...numbers, recoveryText(figures?.recoveryMs), outcome];
}

/** The median, and the longest if there are several. */
function recoveryText(recoveryMs: readonly number[] = []): string {
  const sorted = recoveryMs.toSorted((a, b) => a - b);
  const [median, longest] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (median === undefined || longest === undefined) return '-';
  return sorted.length === 1 ? seconds(median) : `${seconds(median)} (max ${seconds(longest)})`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 100 ? 3 : 1)} s`;
}

function pad(cell: string, width: number, column: number): string {
  return column >= 2 && column <= 6 ? cell.padStart(width) : cell.padEnd(width);
}
