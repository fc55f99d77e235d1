const side = 8;
const shades = ' .:-=+*#%@';
/** As wide as the longest caption. */
const width = 22;
/** Ink of a pixel runs from 0 to 16. */
const inkMax = 16;

/** An 8 × 8 picture in letters with lines of text below it, every line equally wide. */
export function drawDigit(pixels: readonly number[], captions: readonly string[]): string[] {
  const lines: string[] = [];
  for (let row = 0; row < side; row += 1) {
    const inks = pixels.slice(row * side, (row + 1) * side);
    lines.push(inks.map(shade).join(''));
  }
  return [...lines, ...captions].map((line) => line.padEnd(width));
}

/** Twice, because letters are about twice as high as wide. */
function shade(ink: number): string {
  const index = Math.round((ink / inkMax) * (shades.length - 1));
  return (shades[index] ?? ' ').repeat(2);
}
