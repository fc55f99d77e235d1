import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';

/** A schema registry with the three calls of Confluent's API that matter here. */
export interface RegistryServer {
  readonly url: string;
  /** `HOST:PORT`, for egress rules. */
  readonly address: string;
  /** Method and path of every request. */
  readonly requests: readonly string[];
  /** Puts a schema there, as a producer would; answers its id. */
  add(schema: unknown): number;
  /** The schema of a subject's newest version. */
  latest(subject: string): string | undefined;
  /** Answers the next requests instead, until it answers false. */
  intercept(answer: (req: IncomingMessage, res: ServerResponse) => boolean): void;
}

/** Starts one; it is closed when the test ends. */
export async function startRegistry(test: TestContext): Promise<RegistryServer> {
  const schemas: string[] = [];
  const subjects = new Map<string, string>();
  const requests: string[] = [];
  let intercept: (req: IncomingMessage, res: ServerResponse) => boolean = () => false;
  const add = (schema: string) => {
    const at = schemas.indexOf(schema);
    return at >= 0 ? at + 1 : schemas.push(schema);
  };
  const server = createServer(async (req, res) => {
    requests.push(`${req.method} ${req.url}`);
    if (intercept(req, res)) return;
    const answer = (status: number, json: object) => {
      res.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
      res.end(JSON.stringify(json));
    };
    const id = /^\/schemas\/ids\/(\d+)$/.exec(req.url ?? '')?.[1];
    const subject = /^\/subjects\/([^/]+)\/versions$/.exec(req.url ?? '')?.[1];
    if (req.method === 'POST' && subject !== undefined) {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk);
      const { schema } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      subjects.set(decodeURIComponent(subject), schema);
      answer(200, { id: add(schema) });
      return;
    }
    const schema = schemas[Number(id) - 1];
    if (schema === undefined) answer(404, { error_code: 40403, message: 'Schema not found' });
    else answer(200, { schema });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    address: `127.0.0.1:${port}`,
    requests,
    add: (schema) => add(typeof schema === 'string' ? schema : JSON.stringify(schema)),
    latest: (subject) => subjects.get(subject),
    intercept(answer) {
      intercept = answer;
    },
  };
}

/** A value in Confluent's framing. */
export function framed(id: number, value: Buffer): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(id, 1);
  return Buffer.concat([frame, value]);
}
