import { execFileSync } from 'node:child_process';
import { arch, cpus, release, totalmem, type } from 'node:os';
import type { Latency } from './latency.js';
import { processors } from './process-tree.js';
import type { Workload } from './workloads.js';

/** What one contestant did with one workload; medians of its rounds. */
export interface Result {
  readonly contestant: string;
  readonly workload: Workload;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** Processor time of all its processes, in microseconds. */
  readonly cpuUsPerRecord: number;
  readonly peakBytes: number;
  readonly latency?: Latency;
  /** From the call that starts a task to the end of its execution. */
  readonly wholeMs?: number;
}

export const OURS = 'predictd';

const columns: readonly [name: string, cell: (result: Result) => string][] = [
  ['workload', ({ workload }) => workload.name],
  ['program', ({ contestant }) => contestant],
  ['records', ({ records }) => String(records)],
  ['records_per_s', ({ recordsPerSecond }) => recordsPerSecond.toFixed(0)],
  ['cpu_us_per_record', ({ cpuUsPerRecord }) => cpuUsPerRecord.toFixed(1)],
  ['peak_mib', ({ peakBytes }) => (peakBytes / 2 ** 20).toFixed(0)],
  ['p50_ms', ({ latency }) => milliseconds(latency?.p50)],
  ['p99_ms', ({ latency }) => milliseconds(latency?.p99)],
  ['whole_s', ({ wholeMs }) => (wholeMs === undefined ? '' : (wholeMs / 1_000).toFixed(1))],
];

/** The results as rows, names of the columns first. */
export function resultRows(results: readonly Result[]): string[][] {
  return [
    columns.map(([name]) => name),
    ...results.map((result) => columns.map(([, cell]) => cell(result))),
  ];
}

/** Ours beside the peer that is better at each figure, for each workload. */
export function ratioRows(results: readonly Result[]): string[][] {
  const rows = [['workload', 'speed_x', 'cpu_x', 'memory_x', 'p99_x']];
  for (const name of new Set(results.map(({ workload }) => workload.name))) {
    const all = results.filter(({ workload }) => workload.name === name);
    const own = all.find(({ contestant }) => contestant === OURS);
    const peers = all.filter(({ contestant }) => contestant !== OURS);
    if (!own || peers.length === 0) continue;
    const least = (of: (result: Result) => number) => of(own) / Math.min(...peers.map(of));
    const fastest = Math.max(...peers.map(({ recordsPerSecond }) => recordsPerSecond));
    const ratios = [
      own.recordsPerSecond / fastest,
      least(({ cpuUsPerRecord }) => cpuUsPerRecord),
      least(({ peakBytes }) => peakBytes),
      least(({ latency }) => latency?.p99 ?? Number.NaN),
    ];
    rows.push([name, ...ratios.map((ratio) => (Number.isNaN(ratio) ? '' : ratio.toFixed(2)))]);
  }
  return rows;
}

/** What our program gains by a raw payload, for each model that has a workload of both formats. */
export function payloadRows(results: readonly Result[]): string[][] {
  const rows = [['model', 'raw_over_json_speed_x', 'raw_over_json_cpu_x']];
  const own = results.filter(({ contestant }) => contestant === OURS);
  for (const raw of own.filter(({ workload }) => workload.format === 'FLOAT32')) {
    const { model } = raw.workload;
    const json = own.find(({ workload }) => workload.model === model && workload.format === 'JSON');
    if (!json) continue;
    const ratios = [
      raw.recordsPerSecond / json.recordsPerSecond,
      raw.cpuUsPerRecord / json.cpuUsPerRecord,
    ];
    rows.push([model, ...ratios.map((ratio) => ratio.toFixed(2))]);
  }
  return rows;
}

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
  );
}

/** The page that is committed: results, ratios, and what they were measured with. */
export function resultsPage(page: {
  readonly results: readonly Result[];
  readonly steps: readonly string[][];
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
}): string {
  const { results, steps, command, versions, date } = page;
  const facts = [
    ['date', date],
    ['command', `\`${command}\``],
    ['machine', machine()],
    ...Object.entries(versions),
  ];
  const models = [...new Set(results.map(({ workload }) => workload))];
  return [
    '# Predicting: predictd beside what users would write',
    'Output of the command below; `x` columns are predictd divided by the better peer.',
    '![Records a second](results.svg)',
    markdownTable(resultRows(results)),
    markdownTable(ratioRows(results)),
    markdownTable(payloadRows(results)),
    '## Steps\nMicroseconds of processor time a record, each step on its own.',
    markdownTable(steps),
    '## Conditions',
    markdownTable([['', ''], ...facts]),
    models.map(({ name, what }) => `- ${name}: ${what}`).join('\n'),
    RULES,
    '',
  ].join('\n\n');
}

const RULES = `- All exactly once, one predicting thread, one intra-op thread, micro-batches of up to 4,000 records (Kafka Streams: 1,000), 4 partitions, one broker on the same machine.
- Speed: from the first record that a program has to its last commit (Kafka Streams: to its last prediction).
- \`cpu_us_per_record\`: user and system time of all processes of the program in that time; predictd's service is in it, the broker is not.
- \`peak_mib\`: resident memory of all processes of the program, its start included; the JVM has its default heap.
- \`p50_ms\`, \`p99_ms\`: from writing a record to reading its prediction with \`read_committed\`, at 70 % of the slowest program's speed, the same load for all; the median of windows of two seconds, three in each of the rounds, which go by turns as those for speed; a round before the first, which warms up the broker, does not count; \`never\`: not within 10 s of the end.
- \`whole_s\`: from StartTask to the end of the execution, process start and model load included.`;

function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${processors} × ${model}, ${memory}, ${type()} ${release()} ${arch()}`;
}

/** What a command says of its version, on either stream, first line. */
export function versionOf(program: string, ...args: string[]): string {
  const text = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', program, ...args], { encoding: 'utf8' });
  return text.split('\n')[0]?.trim() ?? '';
}

/** What had not come when the measuring ended never came, as far as it knows. */
function milliseconds(value: number | undefined): string {
  if (value === undefined) return '';
  return Number.isFinite(value) ? value.toFixed(1) : 'never';
}
