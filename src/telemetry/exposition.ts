/** What a metric is, as Prometheus tells them apart. */
export type MetricType = 'counter' | 'gauge' | 'histogram';

/** A metric's name, its explanation for people, and its type. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
}

/**
 * Writes metrics that are read elsewhere at each scrape, in the text format of Prometheus. All samples of a family stand
 * together, so a family is begun and then filled.
 */
export class Exposition {
  #text = '';
  #name = '';

  begin({ name, help, type }: Family): void {
    this.#name = name;
    this.#text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  }

  /** Labels as `labelsText` gives them. */
  sample(labels: string, value: number): void {
    this.#line('', labels, value);
  }

  /** A histogram, of counts that are not cumulative; there is one more than bounds. */
  histogram(
    labels: string,
    bounds: readonly number[],
    { counts, sum }: { readonly counts: ArrayLike<number>; readonly sum: number },
  ): void {
    const before = labels === '' ? '' : `${labels},`;
    let count = 0;
    for (let bucket = 0; bucket <= bounds.length; bucket++) {
      count += counts[bucket] ?? 0;
      this.#line('_bucket', `${before}le="${bounds[bucket] ?? '+Inf'}"`, count);
    }
    this.#line('_sum', labels, sum);
    this.#line('_count', labels, count);
  }

  get text(): string {
    return this.#text;
  }

  #line(suffix: string, labels: string, value: number): void {
    const braced = labels === '' ? '' : `{${labels}}`;
    this.#text += `${this.#name}${suffix}${braced} ${value}\n`;
  }
}

/** Labels as they stand between the braces. */
export function labelsText(labels: Readonly<Record<string, string | number>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`));
}
