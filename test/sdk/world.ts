import { readFile } from 'node:fs/promises';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { TaskService } from '../../gen/ts/predictd/v1/task_service_pb.js';
import { startKafka } from '../../src/demo/local-kafka.js';
import { type LocalService, startLocalService } from '../../src/demo/local-service.js';
import { startProxy, type TcpProxy } from './proxy.js';
import { openTopics, type Topics } from './topics.js';

/** The real parts that every check runs against. Dispose it to end them. */
export interface World extends AsyncDisposable {
  readonly topics: Topics;
  readonly service: LocalService;
  /** Where examples connect: the service behind connections that can be broken. */
  readonly proxy: TcpProxy;
  /** The admin's. */
  readonly token: string;
  /** Asks the service itself, past the proxy, for the numbers of a task's events. */
  eventNumbers(task: string): Promise<readonly number[]>;
}

/** Starts a broker (or takes those of `PREDICTD_TEST_BROKERS`), the service and the proxy. */
export async function startWorld(say: (line: string) => void): Promise<World> {
  const ends: (() => Promise<void>)[] = [];
  const dispose = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const brokers = process.env.PREDICTD_TEST_BROKERS ?? (await ownBrokers(ends, say));
    const service = await startLocalService({ brokers });
    ends.push(async () => service[Symbol.asyncDispose]());
    const proxy = await startProxy(Number(new URL(service.url).port));
    ends.push(async () => proxy[Symbol.asyncDispose]());
    const { token }: { token: string } = JSON.parse(await readFile(service.adminFile, 'utf8'));
    const eventNumbers = historian(service.url, token);
    const topics = openTopics(brokers);
    return { topics, service, proxy, token, eventNumbers, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function ownBrokers(
  ends: (() => Promise<void>)[],
  say: (line: string) => void,
): Promise<string> {
  const kafka = await startKafka({ onProgress: say });
  ends.push(() => kafka.stop());
  return kafka.bootstrapServers;
}

function historian(baseUrl: string, token: string): World['eventNumbers'] {
  const tasks = createClient(TaskService, createGrpcTransport({ baseUrl }));
  const headers = { authorization: `Bearer ${token}` };
  return async (parent) => {
    const { events } = await tasks.listEvents({ parent, pageSize: 1000 }, { headers });
    return events.map((event) => Number(event.number));
  };
}
