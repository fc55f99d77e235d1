/** The known word that was probably meant, or undefined if none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = fold(word);
  let best: string | undefined;
  // A third of a word may be wrong; beyond that a suggestion misleads.
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1;
  for (const candidate of known) {
    const edits = begins(typed, fold(candidate)) ? 1 : distance(typed, fold(candidate));
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/** The end of an error message, `; did you mean X?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

function fold(word: string): string {
  // Words come from people; a cap keeps the quadratic work below small.
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_]/g, '');
}

/** Whether one is the other cut short, such as `warn` for `warning`. */
function begins(typed: string, word: string): boolean {
  return (
    Math.min(typed.length, word.length) > 2 && (typed.startsWith(word) || word.startsWith(typed))
  );
}

/** Levenshtein's distance, where two neighbours that changed places are one edit; one row of the table at a time. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
