import { readFileSync } from 'node:fs';

/** Version of this package. */
export function packageVersion(): string {
  // The built file stands in dist/src/cli, the package's description at its root.
  const file = new URL('../../../package.json', import.meta.url);
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const known = typeof content === 'object' && content !== null && 'version' in content;
  return known ? String(content.version) : 'unknown';
}
