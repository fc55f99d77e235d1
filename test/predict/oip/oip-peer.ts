import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { TestContext } from 'node:test';

export interface PeerTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

export interface InferBody {
  readonly inputs: readonly PeerTensor[];
  readonly outputs?: readonly { readonly name: string }[];
}

/** What a peer answers to an inference. */
export type Inferred = readonly [status: number, body: unknown];

export interface PeerOptions {
  readonly metadata?: object;
  readonly infer?: (body: InferBody) => Inferred;
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A server of the Open Inference Protocol with the model `sums`, unless told otherwise. */
export interface OipPeer {
  readonly url: string;
  /** `HOST:PORT`, for egress rules. */
  readonly address: string;
  readonly port: number;
  /** Method and path of every request. */
  readonly requests: readonly string[];
  /** The bodies of inferences. */
  readonly bodies: readonly InferBody[];
  readonly authorizations: ReadonlySet<string>;
  readonly connections: () => number;
  /** Answers inferences instead, until it answers false. */
  intercept(answer: (res: ServerResponse, body: InferBody) => boolean): void;
  /** Whether the model is not ready. */
  unready(is: boolean): void;
  close(): void;
}

const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: 'FP32', shape });

/** What the model `sums` takes and gives. */
export const sumsMetadata = {
  name: 'sums',
  platform: 'test',
  inputs: [tensor('x', [-1, 2])],
  outputs: [tensor('sum', [-1]), tensor('row', [-1, 2])],
};

/** The sum of each row of the first input, and the row itself. */
export function sums({ inputs }: InferBody): Inferred {
  const [input] = inputs;
  const [rows = 0, columns = 1] = input?.shape ?? [];
  const data = input?.data.map(Number) ?? [];
  const sum = Array.from({ length: rows }, (_, row) =>
    data.slice(row * columns, (row + 1) * columns).reduce((total, cell) => total + cell, 0),
  );
  const outputs = [
    { ...tensor('sum', [rows]), data: sum },
    { ...tensor('row', [rows, columns]), data },
  ];
  return [200, { model_name: 'sums', outputs }];
}

/** Starts one; it is closed when the test ends. */
export async function startPeer(t: TestContext, options: PeerOptions = {}): Promise<OipPeer> {
  const { metadata = sumsMetadata, infer = sums } = options;
  const requests: string[] = [];
  const bodies: InferBody[] = [];
  const authorizations = new Set<string>();
  let intercept: (res: ServerResponse, body: InferBody) => boolean = () => false;
  let connections = 0;
  let isUnready = false;
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    requests.push(`${req.method} ${req.url}`);
    authorizations.add(req.headers.authorization ?? '');
    if (req.method === 'GET') {
      const isReady = req.url?.endsWith('/ready');
      json(res, isReady && isUnready ? 400 : 200, isReady ? {} : metadata);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const body: InferBody = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    bodies.push(body);
    if (!intercept(res, body)) json(res, ...infer(body));
  };
  const server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  t.after(close);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const address = `127.0.0.1:${port}`;
  return {
    url: `${options.tls ? 'https' : 'http'}://${address}`,
    address,
    port,
    requests,
    bodies,
    authorizations,
    connections: () => connections,
    intercept(next) {
      intercept = next;
    },
    unready(is) {
      isUnready = is;
    },
    close,
  };
}

/** Answers JSON. */
export function json(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
