import { OURS, type Result } from './results.js';

const TITLE = 'Records a second, exactly once, one thread';
const WIDTH = 720;
const LABEL_WIDTH = 110;
const FIGURE_WIDTH = 80;
const BAR_HEIGHT = 16;
const BAR_GAP = 4;
const GROUP_GAP = 34;
const TOP = 44;
const colours: Readonly<Record<string, string>> = { [OURS]: '#2f7d5d' };
const PEER_COLOUR = '#9aa5b1';

/** Records a second as bars, a group for each workload, each on its own scale. */
export function barChart(results: readonly Result[]): string {
  const parts: string[] = [];
  let y = TOP;
  for (const { name, what } of new Set(results.map(({ workload }) => workload))) {
    const group = results.filter(({ workload }) => workload.name === name);
    parts.push(text({ x: 0, y, weight: 'bold' }, `${name}: ${what}`));
    y += 10;
    const most = Math.max(...group.map(({ recordsPerSecond }) => recordsPerSecond));
    for (const result of group) {
      parts.push(...bar(result, { y, most }));
      y += BAR_HEIGHT + BAR_GAP;
    }
    y += GROUP_GAP;
  }
  const title = text({ x: 0, y: 16, weight: 'bold' }, TITLE);
  const height = y - GROUP_GAP + BAR_GAP;
  const style = 'font-family="system-ui, sans-serif" font-size="12" fill="#57606a"';
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" ${style} role="img" aria-label="${TITLE}">`;
  const named = `<title>${TITLE}</title>`;
  return `${[head, named, title, ...parts, '</svg>'].join('\n')}\n`;
}

function bar(
  { contestant, recordsPerSecond }: Result,
  { y, most }: { readonly y: number; readonly most: number },
): string[] {
  const room = WIDTH - LABEL_WIDTH - FIGURE_WIDTH;
  const width = Math.round((room * recordsPerSecond) / most);
  const colour = colours[contestant] ?? PEER_COLOUR;
  const middle = y + BAR_HEIGHT - 4;
  const figure = Math.round(recordsPerSecond).toLocaleString('en');
  return [
    text({ x: 0, y: middle }, contestant),
    `<rect x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="${colour}"/>`,
    text({ x: LABEL_WIDTH + width + 6, y: middle }, figure),
  ];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly weight?: 'bold';
}

function text({ x, y, weight }: Place, content: string): string {
  const bold = weight === undefined ? '' : ` font-weight="${weight}"`;
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}"${bold}>${escaped}</text>`;
}
