import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from './browser.js';
import { makeWorld, picture, rowOf } from './world.js';

const tabsMax = 60;

test('everything is reached by the keyboard, in order, with the focus seen', async (t) => {
  const world = await makeWorld(t);
  await world.task('alpha');
  await world.task('beta');
  const page = await openPage(t);
  await page.goto(world.url);
  await tabTo(page, 'Token');
  await picture(page, 'sign-in');
  await page.keyboard.type(world.token);
  await page.keyboard.press('Enter');
  await rowOf(page, 'alpha').waitFor();

  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Skip to the content');
  const order = [
    'predictd',
    'Tasks',
    'Models',
    'Connection',
    'Sign out',
    'all 2',
    'trouble 0',
    'running 0',
    'stopped 2',
    'Find tasks',
    'New task',
  ];
  for (const name of order) {
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), name);
    assert.ok(await hasRing(page), `the focus on ${name} is seen`);
  }
  await tabTo(page, 'alpha');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'alpha' }).waitFor();
  await tabTo(page, 'Start…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Start…', 'the focus is back');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'Start');
  await page.keyboard.press('Enter');
  await page.getByText('alpha was started.').waitFor();
  await page.locator('.why-box').getByText('running').waitFor();
});

test('all that can be pressed or filled in has a name', async (t) => {
  const world = await makeWorld(t);
  await world.task('named');
  const page = await world.page();
  for (const place of ['tasks', 'new', 'models', 'connection', 'tasks/admin/named/definition']) {
    await page.goto(`${world.url}/#/${place}`);
    await page.locator('h1').waitFor();
    const nameless =
      await page.evaluate(`[...document.querySelectorAll('button,a,input,select,textarea')]
      .filter((it) => it.offsetParent !== null)
      .filter((it) => !(it.getAttribute('aria-label') || it.textContent || it.labels?.length))
      .map((it) => it.outerHTML)`);
    assert.deepEqual(nameless, [], place);
  }
});

/** Presses tab until something of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let tries = 0; tries < tabsMax; tries += 1) {
    const now = await focused(page);
    if (now === name) return;
    passed.push(now);
    await page.keyboard.press('Tab');
  }
  throw new Error(`tab never reached ${name}: ${passed.join(' > ')}`);
}

/** What a screen reader would call the focused element. */
async function focused(page: Page): Promise<string> {
  return String(
    await page.evaluate(`(() => {
      const it = document.activeElement;
      const label = it.labels?.[0]?.childNodes[0]?.textContent;
      return (it.getAttribute('aria-label') ?? label ?? it.textContent ?? '').trim();
    })()`),
  );
}

async function hasRing(page: Page): Promise<boolean> {
  return Boolean(
    await page.evaluate(`(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    })()`),
  );
}
