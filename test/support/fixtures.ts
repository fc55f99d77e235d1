import { join } from 'node:path';
import { packageRoot } from '../../src/demo/package-root.js';

/** Path of a committed model or data file; `test/fixtures/make.py` says what each one is. */
export function fixturePath(name: string): string {
  return join(packageRoot(), 'test', 'fixtures', name);
}
