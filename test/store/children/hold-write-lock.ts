import { once } from 'node:events';
import { connect } from '../../../src/store/connection.js';

/** Holds SQLite's write lock of a file, as a maintenance tool might, until a line comes in. */
const [file = ''] = process.argv.slice(2);
const connection = await connect({ file, readOnly: false, busyTimeoutMs: 0 });
await connection.script('BEGIN IMMEDIATE');
process.stdout.write('held\n');
await once(process.stdin, 'data');
await connection.script('ROLLBACK');
await connection.close();
process.stdout.write('released\n');
process.stdin.destroy();
