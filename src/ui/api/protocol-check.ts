import { type Client, createClient, type Transport } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';
import { TaskService } from '../../../gen/ts/predictd/v1/task_service_pb.js';
import { credentials, reach } from './clients.js';
import { failureText } from './failure.js';
import { session } from './session.js';

/** What browsers can speak. Classic gRPC needs trailers, which they do not show. */
export const protocols = ['Connect', 'gRPC-Web'] as const;
export type Protocol = (typeof protocols)[number];

/** How one call went. */
export interface CheckResult {
  readonly protocol: Protocol;
  readonly call: 'ListTasks' | 'WatchTasks';
  readonly isGood: boolean;
  readonly text: string;
  readonly ms: number;
}

const streamTimeoutMs = 20_000;

/** Lists the caller's tasks, and watches them until the snapshot is complete. */
export async function checkProtocol(protocol: Protocol): Promise<readonly CheckResult[]> {
  const client = createClient(TaskService, transportOf(protocol));
  const parent = session.value?.user ?? 'users/me';
  const timed = async (call: CheckResult['call'], work: () => Promise<string>) => {
    const begun = performance.now();
    try {
      const text = await work();
      return { protocol, call, isGood: true, text, ms: performance.now() - begun };
    } catch (error) {
      const text = failureText(error);
      return { protocol, call, isGood: false, text, ms: performance.now() - begun };
    }
  };
  const list = await timed('ListTasks', async () => {
    const { tasks } = await client.listTasks({ parent, pageSize: 1_000 });
    return `${tasks.length} tasks`;
  });
  return [list, await timed('WatchTasks', () => snapshot(client, parent))];
}

function transportOf(protocol: Protocol): Transport {
  const options = { ...reach, interceptors: [credentials] };
  return protocol === 'Connect' ? createConnectTransport(options) : createGrpcWebTransport(options);
}

async function snapshot(client: Client<typeof TaskService>, parent: string): Promise<string> {
  // Who only stops reading keeps one of the browser's few connections.
  const enough = new AbortController();
  const options = { signal: enough.signal, timeoutMs: streamTimeoutMs };
  let tasks = 0;
  try {
    for await (const { kind, sequence } of client.watchTasks({ parent }, options)) {
      if (kind.case === 'snapshot') tasks += 1;
      if (kind.case === 'snapshotEnd')
        return `a snapshot of ${tasks} tasks at sequence ${sequence}`;
    }
  } finally {
    enough.abort();
  }
  throw new Error('The stream ended before the snapshot did.');
}
