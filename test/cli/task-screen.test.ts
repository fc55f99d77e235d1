import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import {
  ConditionStatus,
  TaskSchema,
  type TaskStatusSchema,
} from '../../gen/ts/predictd/v1/task_pb.js';
import { boardLines, type Paper } from '../../src/cli/task-board.js';
import { openTaskScreen } from '../../src/cli/task-screen.js';
import { memoryTerminal } from './memory-terminal.js';

const paper: Paper = { columns: 120, rows: 20, coloured: false, unicode: true, now: 0 };

function task(name: string, status: MessageInitShape<typeof TaskStatusSchema>) {
  return create(TaskSchema, {
    name: `users/alice/tasks/${name}`,
    status: { execution: `users/alice/tasks/${name}/executions/1`, ...status },
  });
}

describe('a board of tasks', () => {
  it('shows progress, rate and lag of each, and all of it in its head', () => {
    const lines = boardLines(
      [
        task('b', { state: State.RUNNING, percentComplete: 50, recordsPerSecond: 1200, lag: 7n }),
        task('a', { state: State.DEGRADED, reason: 'STALLED', message: 'no fetch', lag: 3n }),
      ],
      paper,
    );
    assert.equal(lines[0], '2 tasks   1 DEGRADED   1 RUNNING   1200/s   lag 10');
    assert.match(lines[2] ?? '', /^NAME +STATE +PROGRESS +% +RATE +LAG .* WHY$/);
    assert.match(lines[3] ?? '', /^a +DEGRADED .* STALLED: no fetch$/);
    assert.match(lines[4] ?? '', /^b +RUNNING +█{6}░{6} +50% +1200\/s +7 /);
  });

  it('fits every width, and keeps name, state, share and lag longest', () => {
    const tasks = [
      task('iris', { state: State.RUNNING, reason: 'X'.repeat(300), lag: 5n }),
      task('n'.repeat(128), { state: State.COMPLETED_WITH_WARNINGS, lag: 12345678n }),
    ];
    for (let columns = 1; columns < 200; columns++) {
      for (const line of boardLines(tasks, { ...paper, columns })) {
        assert.ok(line.length <= columns, `${columns}: ${line}`);
      }
    }
    const narrow = boardLines([task('iris', { state: State.RUNNING, lag: 5n })], {
      ...paper,
      columns: 50,
    });
    assert.match(narrow[2] ?? '', /^NAME +STATE +% .*LAG/);
    assert.doesNotMatch(narrow[2] ?? '', /RESTARTS/);
  });

  it('shows what needs a person first when the window is too small for all', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      task(`t${index}`, { state: State.COMPLETED }),
    );
    const lines = boardLines([...many, task('zz', { state: State.FAILED, reason: 'BAD' })], paper);
    assert.equal(lines.length, paper.rows);
    assert.match(lines[3] ?? '', /^zz +FAILED/);
    assert.match(lines.at(-1) ?? '', /^and \d+ more/);
  });

  it('takes a task that is held up for one that needs a person, and says by what', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      task(`t${index}`, { state: State.RUNNING }),
    );
    const conditions = [
      { type: 'CaughtUp', status: ConditionStatus.FALSE, reason: 'LAG' },
      { type: 'GroupJoined', status: ConditionStatus.UNKNOWN, reason: 'JOINED' },
      { type: 'OutputWritable', status: ConditionStatus.FALSE, reason: 'DENIED', message: 'No.' },
    ];
    const heldUp = task('zz', { state: State.STARTING, reason: 'STARTING', conditions });
    assert.match(boardLines([...many, heldUp], paper)[3] ?? '', /^zz +STARTING .* DENIED: No\.$/);
    const again = { restartCount: 2, lastError: 'RUNNER_DIED: It was killed.' };
    const restarted = task('zz', { state: State.STARTING, reason: 'STARTING', ...again });
    assert.match(
      boardLines([...many, restarted], paper)[3] ?? '',
      / RUNNER_DIED: It was killed\.$/,
    );
  });

  it('shows the partitions of a task that is alone', () => {
    const partitions = [{ partition: 0, offset: 5n, endOffset: 9n, lag: 4n }];
    const lines = boardLines([task('a', { state: State.RUNNING, partitions })], paper);
    assert.match(lines.at(-1) ?? '', /^ +0 +5 +9 +4$/);
  });

  it('is not steered by what others wrote', () => {
    const hostile = { state: State.FAILED, reason: 'BAD\u001b[2J', message: 'a\nb\u202ec' };
    const text = boardLines([task('a', hostile)], paper).join('');
    for (const bad of ['\u001b', '\n', '\u202e']) assert.ok(!text.includes(bad));
  });
});

describe('a screen of tasks', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval'] }));
  afterEach(() => mock.timers.reset());

  it('draws a burst once, without clearing first, and anew when the window changes', () => {
    const terminal = memoryTerminal({ isTTY: true });
    const screen = openTaskScreen(terminal, terminal.stdout);
    const draws = () => terminal.written.stdout.split('\u001b[?2026h').length - 1;
    assert.equal(draws(), 1);
    for (let done = 0; done < 100; done++) {
      screen.show(task('a', { state: State.RUNNING, percentComplete: done }));
    }
    mock.timers.tick(100);
    assert.equal(draws(), 2);
    assert.equal(terminal.written.stdout.split('\u001b[2J').length, 1);
    terminal.resize(40, 10);
    assert.equal(draws(), 3);
    terminal.resize(0, 0);
    const last = terminal.written.stdout.split('\u001b[?2026h').at(-1) ?? '';
    assert.match(last, /\na +.*RUNNING/, 'a terminal without a window has room too');
    screen.end();
  });

  it('leaves the terminal as it was, with the last table', () => {
    const terminal = memoryTerminal({ isTTY: true });
    const screen = openTaskScreen(terminal, terminal.stdout);
    screen.show(task('a', { state: State.RUNNING }));
    screen.note('the connection broke');
    mock.timers.tick(100);
    assert.match(terminal.written.stdout, /the connection broke/);
    screen.end();
    const after = terminal.written.stdout.split('\u001b[?1049l').at(-1) ?? '';
    assert.match(after, /^1 task .*\n\nNAME.*\na +/);
    assert.ok(after.includes('\u001b[32mRUNNING'));
    assert.ok(terminal.written.stdout.includes('\u001b[?25h\u001b[?7h\u001b[?1049l'));
    const drawn = terminal.written.stdout.length;
    mock.timers.tick(5_000);
    assert.equal(terminal.written.stdout.length, drawn, 'nothing is drawn after the end');
  });
});
