import { timestampMs } from '@bufbuild/protobuf/wkt';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import type { Task } from '../../gen/ts/predictd/v1/task_pb.js';
import { formatDuration } from './duration.js';
import { bar } from './progress.js';
import { lastPart, ownerOf } from './resource-name.js';
import { type Column, renderTable } from './table.js';
import { harmless } from './terminal.js';
import { isTroubled, whyLine } from './why.js';
import { isFinal, shareDone, stateTone, stateWord } from './wording.js';

/** What a board is drawn on. */
export interface Paper {
  /** Characters in a line. */
  readonly columns: number;
  /** Lines, the head among them. */
  readonly rows: number;
  readonly coloured: boolean;
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Tasks as they are now: a head, then a line each, cut to the paper. What needs a person comes first if not all fit. */
export function boardLines(tasks: readonly Task[], paper: Paper): readonly string[] {
  const head = cut(headLine(tasks), paper.columns);
  const room = Math.max(1, paper.rows - 4);
  const sorted = [...tasks].sort(byName);
  const shown = sorted.length > room ? sorted.sort(byUrgency).slice(0, room) : sorted;
  const hidden = tasks.length - shown.length;
  return [
    head,
    '',
    ...table(shown, paper),
    ...(hidden > 0 ? [`and ${hidden} more; a taller window shows them`] : []),
    ...(shown.length === 1 && shown[0] ? partitionLines(shown[0], paper) : []),
  ].slice(0, paper.rows);
}

function headLine(tasks: readonly Task[]): string {
  const counts = new Map<string, number>();
  for (const { status } of tasks) {
    const state = stateWord(status?.state ?? 0);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const states = [...counts].sort().map(([state, count]) => `${count} ${state}`);
  const perSecond = sum(tasks.map(({ status }) => status?.recordsPerSecond ?? 0));
  const lag = tasks.reduce((all, { status }) => all + (status?.lag ?? 0n), 0n);
  const noun = tasks.length === 1 ? 'task' : 'tasks';
  return [`${tasks.length} ${noun}`, ...states, `${Math.round(perSecond)}/s`, `lag ${lag}`].join(
    '   ',
  );
}

/** Columns give way, the least telling first, until what is wrong has room beside the rest. */
function table(tasks: readonly Task[], paper: Paper): readonly string[] {
  let columns = taskColumns(tasks, paper);
  let lines = linesOf(columns, tasks, false);
  while (
    longest(lines) + NOTE_CHARS_MIN > paper.columns &&
    columns.some(({ gives }) => gives > 0)
  ) {
    const first = Math.max(...columns.map(({ gives }) => gives));
    columns = columns.filter(({ gives }) => gives !== first);
    lines = linesOf(columns, tasks, false);
  }
  const room = paper.columns - longest(lines) - 2;
  const note = { title: 'WHY', text: (task: Task) => cut(whyText(task), room), gives: 0 };
  const all = room >= note.title.length ? [...columns, note] : columns;
  const fits = longest(lines) <= paper.columns;
  const whole = linesOf(all, tasks, paper.coloured && fits);
  return fits ? whole : whole.map((line) => cut(line, paper.columns));
}

/** Room for a reason in one word. */
const NOTE_CHARS_MIN = 20;
const NAME_CHARS_MAX = 40;

interface BoardColumn extends Column<Task> {
  /** The greater, the earlier it gives way. 0: never. */
  readonly gives: number;
}

function taskColumns(tasks: readonly Task[], { now, unicode }: Paper): readonly BoardColumn[] {
  const owners = new Set(tasks.map(({ name }) => ownerOf(name)));
  const name = ({ name }: Task) =>
    cut(owners.size > 1 ? `${ownerOf(name)}/${lastPart(name)}` : lastPart(name), NAME_CHARS_MAX);
  return [
    { title: 'NAME', text: name, gives: 0 },
    {
      title: 'STATE',
      text: ({ status }) => stateWord(status?.state ?? 0),
      tone: ({ status }) => stateTone(status?.state ?? 0),
      gives: 0,
    },
    {
      title: 'PROGRESS',
      text: ({ status }) =>
        shareDone(status) ? bar(status?.percentComplete ?? 0, 12, unicode) : '',
      gives: 4,
    },
    {
      title: '%',
      right: true,
      text: ({ status }) => shareDone(status),
      gives: 0,
    },
    {
      title: 'RATE',
      right: true,
      text: (task) => ofRun(task, ({ recordsPerSecond }) => `${Math.round(recordsPerSecond)}/s`),
      gives: 1,
    },
    { title: 'LAG', right: true, text: (task) => ofRun(task, ({ lag }) => String(lag)), gives: 0 },
    {
      title: 'IN',
      right: true,
      text: (task) => ofRun(task, ({ counters }) => String(counters?.recordsIn ?? 0)),
      gives: 5,
    },
    {
      title: 'OUT',
      right: true,
      text: (task) => ofRun(task, ({ counters }) => String(counters?.recordsOut ?? 0)),
      gives: 3,
    },
    {
      title: 'BAD',
      right: true,
      text: (task) =>
        ofRun(task, ({ counters }) =>
          String((counters?.recordsDeadLettered ?? 0n) + (counters?.recordsSkipped ?? 0n)),
        ),
      gives: 2,
    },
    { title: 'LEFT', right: true, text: (task) => leftOf(task, now), gives: 6 },
    {
      title: 'RESTARTS',
      right: true,
      text: (task) => ofRun(task, ({ restartCount }) => String(restartCount)),
      gives: 7,
    },
  ];
}

function ofRun({ status }: Task, text: (status: NonNullable<Task['status']>) => string): string {
  return status === undefined || status.execution === '' ? '' : text(status);
}

function leftOf({ status }: Task, now: number): string {
  const end = status?.estimatedEndTime;
  if (end === undefined || isFinal(status?.state ?? 0)) return '';
  return timestampMs(end) > now ? formatDuration(timestampMs(end) - now) : '';
}

function whyText({ status }: Task): string {
  return status === undefined ? '' : harmless(whyLine(status));
}

function partitionLines({ status }: Task, { columns }: Paper): readonly string[] {
  const partitions = status?.partitions ?? [];
  if (partitions.length === 0) return [];
  const lines = renderTable(
    [
      { title: 'PARTITION', right: true, text: ({ partition }) => String(partition) },
      { title: 'OFFSET', right: true, text: ({ offset }) => String(offset) },
      { title: 'END', right: true, text: ({ endOffset }) => String(endOffset) },
      { title: 'LAG', right: true, text: ({ lag }) => String(lag) },
    ],
    partitions,
    false,
  );
  return ['', ...split(lines).map((line) => cut(line, columns))];
}

function linesOf(columns: readonly Column<Task>[], tasks: readonly Task[], coloured: boolean) {
  return split(renderTable(columns, tasks, coloured));
}

function split(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

function longest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => line.length));
}

function cut(text: string, most: number): string {
  const characters = Array.from(text);
  if (characters.length <= most) return text;
  return most < 4
    ? characters.slice(0, most).join('')
    : `${characters.slice(0, most - 2).join('')}..`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function byName(a: Task, b: Task): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

function byUrgency(a: Task, b: Task): number {
  return urgencyOf(a) - urgencyOf(b) || byName(a, b);
}

/** 0: somebody should look; 1: at work; 2: at rest. */
function urgencyOf({ status }: Task): number {
  if (status === undefined) return 1;
  if (isTroubled(status)) return 0;
  return isFinal(status.state) || status.state === State.CREATED ? 2 : 1;
}
