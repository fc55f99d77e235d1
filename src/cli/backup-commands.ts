import { createWriteStream } from 'node:fs';
import { link, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { CommandError, exitCode } from './exit-code.js';
import { callsService, type Shell } from './invocation.js';

/** Adds `backup` and `restore`. */
export function addBackupCommands(program: Command, shell: Shell): void {
  addBackup(program, shell);
  addRestore(program, shell);
}

function addBackup(program: Command, shell: Shell): void {
  const command = program
    .command('backup <file>')
    .summary('copy everything that the service keeps to a file (admin)')
    .description(
      'Copies the database, the key to its secrets and the models, as of one moment, to a tar file\n' +
        'that does not exist yet. The service goes on meanwhile. Whoever has the file has the secrets.',
    )
    .addHelpText('after', '\nExample:\n  predictd backup "predictd-$(date +%F).tar"');
  callsService(shell, command, {
    action: ([file]) => `back up to ${file}`,
    run: async ({ service, signal, say }, [file = '']) => {
      const bytes = await writeWhole(file, service.admin.backup({}, { signal }));
      say(`wrote ${file}, ${bytes} bytes`);
      return exitCode.ok;
    },
  });
}

/** The file appears under its name when all of it is on disk. */
async function writeWhole(
  file: string,
  parts: AsyncIterable<{ readonly data: Uint8Array }>,
): Promise<number> {
  const target = resolve(file);
  const partial = `${target}.partial`;
  let bytes = 0;
  const chunks = async function* () {
    for await (const { data } of parts) {
      bytes += data.length;
      yield data;
    }
  };
  try {
    await pipeline(chunks, createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
    await link(partial, target);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (taken) throw new CommandError(`${file} or ${file}.partial exists; name another file`);
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
  return bytes;
}

function addRestore(program: Command, shell: Shell): void {
  program
    .command('restore <file>')
    .summary('make a data directory of a backup')
    .description(
      'Makes a data directory of a backup, on this machine and without the service. Tasks that ran when the\n' +
        'backup was made run again as soon as the service is started on it: stop the old service first.',
    )
    .requiredOption('--data <DIR>', 'directory to make; it must not exist, or be empty')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nExample:\n  predictd restore predictd.tar --data ./data')
    .action(async (file: string, { data }: { readonly data: string }) => {
      shell.attempt = { action: `restore ${file}`, url: '' };
      // Loaded here alone: the other commands start faster without it.
      const { restore } = await import('../store/archive.js');
      await restore(resolve(file), resolve(data));
      shell.terminal.stderr.write(`made ${data}; start it with: predictd serve --data ${data}\n`);
    });
}
