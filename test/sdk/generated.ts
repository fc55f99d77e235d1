import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';
import type { Check } from './check.js';
import { command } from './command.js';
import { installGoPlugins, installJavaPlugins, pythonWithPlugins, sdkFolder } from './plugins.js';
import { SDKS, withSnippets } from './snippets.js';

type Say = (line: string) => void;

/** Folders with nothing but generated files. */
const GENERATED = ['gen/ts', 'gen/js/lib', 'gen/python/src', 'gen/go/v1', 'gen/java/src/main/java'];

/** Writes every generated file below `base`, which is the checkout or a folder to compare it with. */
export async function generateAll(base: string, say: Say): Promise<void> {
  await pythonWithPlugins(say);
  await installGoPlugins(say);
  await installJavaPlugins(say);
  const buf = join('node_modules', '.bin', 'buf');
  const js = ['--template', 'gen/js/buf.gen.yaml', '--path', 'proto/google/rpc'];
  await command(buf, ['generate', '--output', base]);
  await command(buf, ['generate', '--output', base, ...js, '--path', 'proto/predictd']);
  const others = ['--template', 'gen/buf.gen.yaml', '--path', 'proto/predictd'];
  await command(buf, ['generate', '--output', base, ...others]);
  if (base === '.') await writeSnippets();
}

/** That what is committed is what the protos and the examples say. */
export const generatedChecks: readonly Check[] = [
  {
    name: 'gen: nothing differs from the protos',
    needs: ['go', 'python3', 'mvn'],
    async run() {
      const fresh = join(sdkFolder, 'fresh');
      await rm(fresh, { recursive: true, force: true });
      await generateAll(fresh, () => undefined);
      let count = 0;
      for (const folder of GENERATED) {
        const [committed, written] = await Promise.all([
          contents(join(packageRoot(), folder)),
          contents(join(fresh, folder)),
        ]);
        const stale = [...new Set([...committed.keys(), ...written.keys()])].filter(
          (path) => committed.get(path) !== written.get(path),
        );
        assert.equal(stale.join(' '), '', `npm run generate:sdk; in ${folder}: ${stale.join(' ')}`);
        count += written.size;
      }
      return `${count} files`;
    },
  },
  {
    name: 'gen: the READMEs quote the examples',
    needs: [],
    async run() {
      for (const sdk of SDKS) {
        const readme = join(packageRoot(), sdk.readme);
        assert.equal(await readFile(readme, 'utf8'), await withSnippets(sdk), sdk.readme);
      }
      return `${SDKS.length} READMEs`;
    },
  },
];

async function writeSnippets(): Promise<void> {
  for (const sdk of SDKS) await writeFile(join(packageRoot(), sdk.readme), await withSnippets(sdk));
}

async function contents(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return new Map(paths.map((path, index) => [path.slice(folder.length), texts[index] ?? '']));
}
