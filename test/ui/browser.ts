import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const program = '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A busy machine is slow, and a browser on it slower. */
export const patienceMs = 30_000;

let shared: Promise<Browser> | undefined;
let users = 0;

/** A page in headless Chromium. What the page did not catch, and what its policy forbade, fails the test. */
export async function openPage(t: TestContext, options: BrowserContextOptions = {}): Promise<Page> {
  assert.ok(existsSync(program), `${program} is needed: sudo apt-get install chromium`);
  users += 1;
  shared ??= chromium.launch({ executablePath: program, args: flags });
  const browser = await shared;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ stack }) => faults.push(stack ?? ''));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    users -= 1;
    if (users === 0) {
      shared = undefined;
      await browser.close();
    }
    assert.deepEqual(faults, [], 'the page broke');
  });
  return page;
}

/** Signs in with the service's own form. */
export async function signIn(page: Page, url: string, token: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Main' }).waitFor();
}
