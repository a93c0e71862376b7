/** Where a person comes to by Back, and what the browser calls the places where they were. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** More than a column shows at first. */
const TASKS = 45;

it('Back from a task shows the board as it was: what is selected, how much of it, and where', async () => {
  for (let n = 1; n <= TASKS; n += 1) await rig.api.create({ id: `note-${n}`, title: `Write note ${n}` });
  await rig.api.create({ id: 'other', title: 'Send them' });
  const { page, close } = await openPage(rig, { at: '/board' });
  await page.getByLabel('Text').fill('write');
  const waiting = page.getByRole('region', { name: 'Waiting' });
  await waiting.getByRole('button', { name: `${TASKS - 30} more` }).click();
  // The list grows until then, and with it where everything is.
  await expect.poll(() => waiting.getByRole('listitem').count()).toBe(TASKS);
  const link = waiting.getByRole('link', { name: 'Write note 3', exact: true });
  await link.scrollIntoViewIfNeeded();
  const before = await scrollOf(page);
  expect(before).toBeGreaterThan(500);
  await link.click();
  await page.getByRole('heading', { name: 'Write note 3' }).waitFor();
  await expect.poll(() => scrollOf(page)).toBe(0);
  await page.goBack();
  await link.waitFor();
  await expect.poll(() => page.getByLabel('Text').inputValue()).toBe('write');
  await expect.poll(() => waiting.getByRole('listitem').count()).toBe(TASKS);
  await expect.poll(() => scrollOf(page)).toBe(before);
  await close();
});

it('the browser has a name of its own for each place', async () => {
  const { page, close } = await openPage(rig);
  for (const name of ['Board', 'Archive', 'Engine']) {
    await page.getByRole('navigation').getByRole('link', { name }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }
  await page.goto(new URL('/tasks/other', page.url()).href);
  await page.getByRole('heading', { name: 'Send them' }).waitFor();
  await page.goto(new URL('/tasks/other/decision', page.url()).href);
  await page.getByText('Nothing of it waits for a decision.').waitFor();
  await page.goto(new URL('/nowhere', page.url()).href);
  await expect
    .poll(() => titlesOf(page))
    .toEqual([
      ...['Pawl', 'Board · Pawl', 'Archive · Pawl', 'Engine · Pawl'],
      ...['Send them · Pawl', 'Decision: Send them · Pawl', 'Nothing is at /nowhere · Pawl'],
    ]);
  await close();
});

const scrollOf = (page: Page): Promise<number> => page.evaluate<number>('Math.round(scrollY)');

/** As the menu of the Back button has them. */
async function titlesOf(page: Page): Promise<readonly string[]> {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  return entries.filter(({ url }) => url.startsWith('http')).map(({ title }) => title);
}
