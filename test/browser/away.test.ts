/** An engine that is killed while one looks: the page says that it is not live and since when, and goes on by itself. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../src/engine/tcp-ports.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { AWAY, killUnder } from './acts.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  // The address of a page that is open has to be there again.
  rig = await startRig({ PAWL_PORT: String(await freePort([])) });
});
afterAll(() => rig.close());

it('is told, and the page is live again with what has happened meanwhile', async () => {
  const id = await rig.run({
    repository: newRepository(),
    requirement: 'Say hello',
    ...by('writes', 'hello.txt', 'hello'),
  });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig);
  await page.getByRole('link', { name: 'Say hello' }).waitFor();
  rig = await killUnder(page, rig);
  await rig.api.approve({ id });
  await rig.until(id, closed);
  await page.getByText('Nothing waits for you.').waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  // The token of the tab outlives the engine that gave it, also where the page is loaded anew.
  await page.reload();
  await page.getByText('● live').waitFor();
  await close(AWAY);
});

it('is told of an engine that only is silent, and of its first word', async () => {
  const { page, close } = await openPage(rig);
  process.kill(rig.endpoints.pid, 'SIGSTOP');
  try {
    await page.getByText(/^Not live for .*silent/).waitFor({ timeout: 40_000 });
  } finally {
    process.kill(rig.endpoints.pid, 'SIGCONT');
  }
  await page.getByText('● live').waitFor();
  await close(/WebSocket connection|Failed to load resource/);
});

it('lets a tab that is opened from another one in, and no tab where none is', async () => {
  const { page, close } = await openPage(rig);
  const beside = await page.context().newPage();
  await beside.goto(new URL('/board', page.url()).href);
  await beside.getByRole('heading', { name: 'Board' }).waitFor();
  await beside.getByText('● live').waitFor();
  await close();
});

it('says what to do to whoever comes without a link, or with one that was used', async () => {
  const { page, close } = await openPage(rig);
  const { url } = JSON.parse((await rig.pawl(['dashboard', '--json'])).out);
  await page.evaluate(() => sessionStorage.clear());
  await page.goto(new URL('/', page.url()).href);
  await page.locator('pre', { hasText: 'pawl dashboard' }).waitFor();
  await page.goto('about:blank');
  await page.goto(url);
  await page.getByText('● live').waitFor();
  expect(page.url()).not.toContain('code');
  await page.evaluate(() => sessionStorage.clear());
  await page.goto('about:blank');
  await page.goto(url);
  await page.getByRole('alert').waitFor();
  await page.locator('pre', { hasText: 'pawl dashboard' }).waitFor();
  await close(/401/);
});
