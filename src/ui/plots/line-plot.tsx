import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';

/** One line of a plot. */
export interface Line {
  readonly title: string;
  /** Name of a colour of the style sheet. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

export interface LinePlotProps {
  readonly title: string;
  /** The newest value in words: what the plot says without being looked at. */
  readonly now: string;
  /** Seconds since 1970. */
  readonly time: readonly number[];
  readonly lines: readonly Line[];
  /** The least that the scale reaches up to. */
  readonly least: number;
  readonly format: (value: number) => string;
}

const height = 130;

/** Values over time; it is drawn again when the columns grow. */
export function LinePlot({ title, now, time, lines, least, format }: LinePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | undefined>(undefined);
  const formatter = useRef(format);
  formatter.current = format;
  const key = lines.map((line) => line.title).join();
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const make = () => {
      plot.current?.destroy();
      const options = optionsOf(lines, {
        width: element.clientWidth,
        least,
        format: (value) => formatter.current(value),
      });
      plot.current = new UPlot(options, dataOf(time, lines), element);
    };
    make();
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height });
    });
    resized.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', make);
    return () => {
      scheme.removeEventListener('change', make);
      resized.disconnect();
      plot.current?.destroy();
    };
  }, [key]);
  useEffect(() => {
    plot.current?.setData(dataOf(time, lines));
  });
  return (
    <figure class="plot">
      <figcaption>
        <span>{title}</span> <b>{now}</b>
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${now}`} />
      {lines.length > 1 && (
        <p class="legend">
          {lines.map((line) => (
            <span key={line.title} class={`key key-${line.colour}`}>
              {line.title}
            </span>
          ))}
        </p>
      )}
    </figure>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function timeOfDay(seconds: number): string {
  return clock.format(seconds * 1_000);
}

function dataOf(time: readonly number[], lines: readonly Line[]): UPlot.AlignedData {
  return [[...time], ...lines.map((line) => [...line.values])];
}

function optionsOf(
  lines: readonly Line[],
  { width, least, format }: Pick<LinePlotProps, 'least' | 'format'> & { readonly width: number },
): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis: UPlot.Axis = {
    stroke: colour('soft'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false } },
    scales: { y: { range: (_, __, max) => [0, Math.max(least, (max ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 24, space: 80, values: (_, values) => values.map(timeOfDay) },
      { ...axis, size: 58, space: 32, values: (_, values) => values.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.title,
        stroke: colour(line.colour),
        width: 1.5,
        points: { show: false },
      })),
    ],
  };
}
