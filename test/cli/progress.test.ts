import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { State } from '../../gen/ts/predictd/v1/state_pb.js';
import { TaskSchema, type TaskStatusSchema } from '../../gen/ts/predictd/v1/task_pb.js';
import { confirm } from '../../src/cli/confirm.js';
import { bar, changeLines, liveLine } from '../../src/cli/progress.js';
import { renderTable } from '../../src/cli/table.js';
import { isLively } from '../../src/cli/terminal.js';
import { shareDone } from '../../src/cli/wording.js';
import { memoryTerminal } from './memory-terminal.js';

function task(name: string, status: MessageInitShape<typeof TaskStatusSchema>) {
  return create(TaskSchema, {
    name: `users/alice/tasks/${name}`,
    status: { execution: `users/alice/tasks/${name}/executions/1`, ...status },
  });
}

describe('progress on a terminal', () => {
  it('keeps the line up to date', () => {
    const terminal = memoryTerminal({ isTTY: true, env: { LANG: 'en_US.UTF-8' } });
    const progress = liveLine(terminal, terminal.stdout);
    progress.show(task('a', { state: State.RUNNING, percentComplete: 50 }));
    const before = terminal.written.stdout.length;
    progress.show(task('a', { state: State.COMPLETED, percentComplete: 100 }));
    const last = terminal.written.stdout.slice(before);
    assert.ok(last.startsWith('\u001b[1A\r\u001b[J'), 'goes up over the line and clears it');
    assert.match(last, /a .*COMPLETED.* █{20} 100%/);
  });

  it('says a sentence on stderr and draws the line anew below it', () => {
    const terminal = memoryTerminal({ isTTY: true });
    const progress = liveLine(terminal, terminal.stdout);
    progress.show(task('a', { state: State.RUNNING }));
    progress.note('the connection broke');
    assert.equal(terminal.written.stderr, 'the connection broke\n');
    const last = terminal.written.stdout.split('\u001b[J').at(-1) ?? '';
    assert.match(last, /^a .*RUNNING.*\n$/);
  });

  it('shows no full bar where there was nothing to do yet', () => {
    const terminal = memoryTerminal({ isTTY: true });
    const progress = liveLine(terminal, terminal.stdout);
    progress.show(task('a', { state: State.RUNNING, percentComplete: 100 }));
    assert.match(terminal.written.stdout, /RUNNING.* \.{20} 0 in/);
    progress.show(task('a', { state: State.COMPLETED, percentComplete: 100 }));
    assert.match(terminal.written.stdout, /COMPLETED.* #{20} 100%/);
  });

  it('tells as much where the terminal has no window', () => {
    const terminal = memoryTerminal({ isTTY: true });
    terminal.resize(0, 0);
    liveLine(terminal, terminal.stdout).show(task('a', { state: State.RUNNING }));
    assert.match(terminal.written.stdout, /RUNNING.* 0 in, 0 out/);
  });

  it('does not colour with NO_COLOR', () => {
    const written = (env: Record<string, string>) => {
      const terminal = memoryTerminal({ isTTY: true, env });
      liveLine(terminal, terminal.stdout).show(task('a', { state: State.FAILED }));
      return terminal.written.stdout;
    };
    assert.ok(written({}).includes('\u001b[31m'));
    assert.ok(!written({ NO_COLOR: '1' }).includes('\u001b[31m'));
  });

  it('does not move on a dumb terminal', () => {
    const { stdout } = memoryTerminal({ isTTY: true });
    assert.equal(isLively(stdout, {}), true);
    assert.equal(isLively(stdout, { TERM: 'dumb' }), false);
  });
});

describe('progress in a log', () => {
  it('tells every change of state, and mere progress only after a while', () => {
    const terminal = memoryTerminal();
    const progress = changeLines(terminal, terminal.stderr, 5_000);
    progress.show(task('a', { state: State.RUNNING, percentComplete: 1 }));
    progress.show(task('a', { state: State.RUNNING, percentComplete: 2 }));
    progress.show(task('a', { state: State.COMPLETED, percentComplete: 100 }));
    const lines = terminal.written.stderr.trim().split('\n');
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^2023-11-14T22:14:20\.000Z a RUNNING 1%, 0 in, 0 out, lag 0$/);
  });

  it('does not let a message of others steer the terminal', () => {
    const terminal = memoryTerminal();
    const progress = changeLines(terminal, terminal.stdout, 0);
    progress.show(task('a', { state: State.FAILED, reason: 'BAD\u001b[2J\nnext' }));
    assert.ok(!terminal.written.stdout.includes('\u001b'));
    assert.equal(terminal.written.stdout.split('\n').length, 2);
  });
});

describe('the share that is done', () => {
  it('is not told while there is nothing to do, unless that was all', () => {
    const share = (state: State, lag: bigint) =>
      shareDone(task('a', { state, lag, percentComplete: 100 }).status);
    assert.equal(share(State.STARTING, 0n), '');
    assert.equal(share(State.FAILED, 0n), '');
    assert.equal(share(State.COMPLETED, 0n), '100%');
  });
});

describe('a bar', () => {
  it('is full only at a hundred', () => {
    assert.equal(bar(99.9, 4, true), '███░');
    assert.equal(bar(100, 4, true), '████');
    assert.equal(bar(-3, 2, true), '░░');
    assert.equal(bar(50, 4, false), '##..');
  });
});

describe('a table', () => {
  it('pads its columns and keeps colour out of the widths', () => {
    const columns = [
      { title: 'N', text: (row: string) => row, tone: () => 'bad' as const },
      { title: 'LENGTH', right: true, text: (row: string) => String(row.length) },
    ];
    assert.equal(renderTable(columns, ['ab', ''], false), 'N   LENGTH\nab       2\n-        0\n');
    assert.equal(renderTable(columns, ['ab'], true), 'N   LENGTH\n\u001b[31mab\u001b[0m       2\n');
  });
});

describe('a question', () => {
  it('takes only a yes for yes on a terminal', async () => {
    for (const [input, expected] of [
      ['y\n', true],
      ['YES\n', true],
      ['\n', false],
      ['yeah\n', false],
      ['', false],
    ] as const) {
      const terminal = memoryTerminal({ isTTY: true, input });
      assert.equal(await confirm(terminal, 'Delete?'), expected, JSON.stringify(input));
      assert.equal(terminal.written.stderr, 'Delete? [y/N] ');
    }
  });

  it('is not put to a script', async () => {
    const terminal = memoryTerminal();
    assert.equal(await confirm(terminal, 'Delete?'), true);
    assert.equal(terminal.written.stderr, '');
  });
});
