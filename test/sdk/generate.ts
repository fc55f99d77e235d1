import { generateAll } from './generated.js';

// Writes all of gen/: installs the plugins below .build/sdk and runs buf. Needs Go, Python and Maven.
await generateAll('.', (line) => void process.stderr.write(`${line}\n`));
