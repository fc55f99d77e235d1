import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/demo/package-root.js';
import { goTool } from '../support/go-tool.js';

// Runs the official conformance runner against the service's own server stack.
//
//   npm run test:conformance                      everything that features.yaml claims
//   npm run test:conformance -- --run 'Basic/**'  some of it; arguments are the runner's own

const RUNNER = { command: 'connectrpc.com/conformance/cmd/connectconformance', version: 'v1.0.7' };
/** For two cores: more in parallel only moves the tests' own deadlines closer. */
const BOUNDS = ['--max-servers', '2', '--parallel', '4'];

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const runner = await goTool(RUNNER, say);
const features = join(packageRoot(), 'test', 'conformance', 'features.yaml');
const server = fileURLToPath(new URL('server.js', import.meta.url));
const serverCommand = [process.execPath, '--enable-source-maps', server];
const child = spawn(
  runner,
  [
    ...['--mode', 'server', '--conf', features, ...BOUNDS],
    ...process.argv.slice(2),
    '--',
    ...serverCommand,
  ],
  { stdio: 'inherit' },
);
const [code] = await once(child, 'exit');
process.exitCode = code ?? 1;
