import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The checkout this code was built in. Models, data and the broker's pom are read from there
 * rather than copied into `dist`, so that a changed file needs no build.
 */
export function packageRoot(): string {
  for (const start of [dirname(fileURLToPath(import.meta.url)), process.cwd()]) {
    const root = nearestPackage(start);
    if (root !== undefined) {
      return root;
    }
  }
  throw new Error('no package.json above the built code or the working directory');
}

function nearestPackage(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      return folder;
    }
    if (folder === dirname(folder)) {
      return undefined;
    }
  }
}
