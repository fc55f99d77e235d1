import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { packageRoot } from '../../src/demo/package-root.js';
import {
  type ServiceUnderTest,
  serviceUnderTest,
  taskName,
} from '../main-job/service-under-test.js';
import { kafkaForTests, type TestKafka } from '../support/kafka.js';
import { openPage, signIn } from './browser.js';

/** The real service and broker, and how to look at them. */
export interface World {
  readonly kafka: TestKafka;
  readonly under: ServiceUnderTest;
  readonly url: string;
  readonly token: string;
  /** A page that is signed in. `url` is where it is opened: by default the service itself. */
  page(options?: BrowserContextOptions, url?: string): Promise<Page>;
  /** Makes a task of the admin's on a new topic, and answers the topic. */
  task(id: string, options?: TaskOptions): Promise<string>;
}

export interface TaskOptions {
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly model?: string;
  /** What it reads instead of a new topic. */
  readonly source?: { readonly topic: string; readonly bootstrapServers: string[] };
  readonly starts?: boolean;
}

/** Starts a service with the model `iris`; it ends with the test. */
export async function makeWorld(t: TestContext, flags: readonly string[] = []): Promise<World> {
  const kafka = await kafkaForTests();
  const under = await serviceUnderTest({ brokers: kafka.bootstrapServers, flags });
  t.after(() => under[Symbol.asyncDispose]());
  await under.upload('iris');
  const { token } = JSON.parse(await readFile(under.service.adminFile, 'utf8'));
  const { url } = under.service;
  return {
    kafka,
    under,
    url,
    token,
    async page(options, at = url) {
      const page = await openPage(t, options);
      await signIn(page, at, token);
      return page;
    },
    async task(taskId, options = {}) {
      const source = options.source ?? {
        topic: await kafka.createTopic({ prefix: 'ui', partitions: 2 }),
      };
      const { displayName = '', labels = {}, model = 'iris' } = options;
      const spec = {
        source,
        sink: { topic: `${source.topic}-out` },
        predictor: { kind: { case: 'onnx', value: { model } } },
      } as const;
      const { tasks } = under.connection;
      await tasks.createTask({
        parent: 'users/admin',
        taskId,
        task: { displayName, labels, spec },
      });
      if (options.starts) await tasks.startTask({ name: taskName(taskId) });
      return source.topic;
    },
  };
}

/** The line of a task in the list. */
export function rowOf(page: Page, task: string): Locator {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name: task, exact: true }) });
}

/** Records that fit the model, and among each ten so many that do not. */
export function records(count: number, badInTen = 0) {
  return Array.from({ length: count }, (_, place) => ({
    key: `k${place}`,
    value:
      place % 10 < badInTen ? '{"features":["<b>bad</b>",1]}' : '{"features":[5.1,3.5,1.4,0.2]}',
  }));
}

/**
 * Makes a picture for people, in `.build/pictures`. With PREDICTD_TEST_PICTURES=write it takes the place of the committed
 * one, as no two runs make the same.
 */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PREDICTD_TEST_PICTURES === 'write' ? '.github' : '.build';
  const path = join(packageRoot(), folder, 'pictures', `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, animations: 'disabled' });
}
