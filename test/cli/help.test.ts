import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { run } from '../../src/cli/run.js';
import { memoryTerminal } from './memory-terminal.js';

function everyCommand(command: Command, path: readonly string[]): (readonly string[])[] {
  return [path, ...command.commands.flatMap((it) => everyCommand(it, [...path, it.name()]))];
}

const shell = {
  terminal: memoryTerminal(),
  exitCode: 0,
  attempt: { action: '', url: '' },
} as const;

describe('help', () => {
  for (const path of everyCommand(createProgram({ ...shell }), [])) {
    it(`of ${['predictd', ...path].join(' ')} shows examples`, async () => {
      const terminal = memoryTerminal();
      assert.equal(await run([...path, '--help'], terminal), 0);
      assert.match(terminal.written.stdout, /Examples?:\n/);
      assert.equal(terminal.written.stderr, '');
    });
  }

  it('documents the exit codes', async () => {
    const terminal = memoryTerminal();
    await run(['--help'], terminal);
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 130]) {
      assert.match(terminal.written.stdout, new RegExp(`^ +${code} `, 'm'));
    }
  });

  it('has no flag that takes a secret', () => {
    for (const command of allOf(createProgram({ ...shell }))) {
      for (const { long } of command.options) {
        assert.doesNotMatch(long ?? '', /^--(password|token|secret)$/);
      }
    }
  });

  it('prints the version in both ways', async () => {
    const flag = memoryTerminal();
    assert.equal(await run(['--version'], flag), 0);
    assert.match(flag.written.stdout, /^\d+\.\d+\.\d+\n$/);
    const command = memoryTerminal();
    assert.equal(await run(['version', '-o', 'json'], command), 0);
    assert.equal(JSON.parse(command.written.stdout).version, flag.written.stdout.trim());
  });
});

function allOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}
