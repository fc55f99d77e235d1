import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';

/**
 * What the package must hold, by what there is to be built: the JavaScript of every source but the demo's, the
 * dashboard, the contract, what Prometheus and Grafana are given, and what npm adds by itself.
 */
export async function expectedFiles(): Promise<string[]> {
  const sources = [...(await below('src', '.ts')), ...(await below('gen/ts', '.ts'))]
    .filter((path) => !path.startsWith('src/demo/') && !path.startsWith('src/ui/'))
    .map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
  const ui = existsSync(join(packageRoot(), 'dist/ui')) ? await below('dist/ui', '') : [];
  return [
    ...sources,
    ...ui.filter((path) => !/\.(map|built)$/.test(path)),
    ...(await below('proto', '')),
    ...(await below('src/telemetry', '.json')),
    ...(await below('src/telemetry', '.yaml')),
    'LICENSE',
    'README.md',
    'package.json',
  ].sort();
}

async function below(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(join(packageRoot(), folder), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(packageRoot(), join(entry.parentPath, entry.name)));
}
