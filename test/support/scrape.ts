import assert from 'node:assert/strict';

/** One line of a scrape. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a scrape said. */
export interface Scrape {
  readonly text: string;
  readonly samples: readonly Sample[];
  /** All samples of this name. */
  of(name: string): readonly Sample[];
  /** The value of the one sample that has these labels and no others. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined;
}

/** Scrapes as Prometheus does, with a token if one is given. */
export async function scrape(url: string, token?: string): Promise<Scrape> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const res = await fetch(url, { headers });
  const text = await res.text();
  assert.equal(res.status, 200, text);
  return readScrape(text);
}

/** Reads the text format; throws at a line that is not of it. */
export function readScrape(text: string): Scrape {
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(sampleOf);
  const of = (name: string) => samples.filter((sample) => sample.name === name);
  return {
    text,
    samples,
    of,
    value: (name, labels = {}) => of(name).find((sample) => same(sample.labels, labels))?.value,
  };
}

function sampleOf(line: string): Sample {
  const [, name = '', braced = '', value = ''] =
    /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? assert.fail(`no sample: ${line}`);
  const labels = [...braced.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', text = '']): [string, string] => [
      label,
      text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
    ],
  );
  return {
    name,
    labels: Object.fromEntries(labels),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return (
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([name, value]) => b[name] === value)
  );
}
