import { spawn } from 'node:child_process';
import { pythonPackage } from '../../support/python-package.js';

/** Both directions of Avro as Python's fastavro has it, by the same schema. */
const program = `
import base64, io, json, sys
from fastavro import parse_schema, schemaless_reader, schemaless_writer

asked = json.load(sys.stdin)
schema = parse_schema(asked["schema"])
if asked["values"] is not None:
    out = []
    for value in asked["values"]:
        file = io.BytesIO()
        schemaless_writer(file, schema, value)
        out.append(base64.b64encode(file.getvalue()).decode())
else:
    out = []
    for text in asked["bytes"]:
        file = io.BytesIO(base64.b64decode(text))
        out.append(schemaless_reader(file, schema, None))
        assert file.read() == b""
json.dump(out, sys.stdout)
`;

/** What fastavro writes for these values, without framing. */
export async function fastavroWrites(
  schema: unknown,
  values: readonly unknown[],
): Promise<Buffer[]> {
  const written = await ask({ schema, values, bytes: null });
  return written.map((text) => Buffer.from(String(text), 'base64'));
}

/** What fastavro reads from these bytes, to the last one. */
export async function fastavroReads(
  schema: unknown,
  bytes: readonly Buffer[],
): Promise<readonly unknown[]> {
  return ask({ schema, values: null, bytes: bytes.map((each) => each.toString('base64')) });
}

async function ask(asked: object): Promise<readonly unknown[]> {
  const PYTHONPATH = await pythonPackage('fastavro==1.13.1');
  const child = spawn('python3', ['-c', program], {
    env: { ...process.env, PYTHONPATH },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(asked));
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
