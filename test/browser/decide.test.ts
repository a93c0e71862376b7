/** From a requirement typed into the page to its merge, with every decision made there. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { fillIn } from './acts.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it('submits, looks, approves and sees the merge; a reload loses nothing', async () => {
  const helper = { command: agent('writes', 'hello.txt', 'hello') };
  const repository = newRepository({
    'pawl.yaml': `agent: helper\nagents: ${JSON.stringify({ helper })}\nchecks: [{name: fine, run: 'node --version'}]\n`,
  });
  const { page, close } = await openPage(rig);
  await fillIn(page, { requirement: 'Say hello', repository });
  await page.getByText('fine', { exact: true }).waitFor();
  await page.getByText('no limit set').waitFor();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.waitForURL(/\/tasks\/say-hello-/);
  await page.getByText('Needs you', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Look and decide' }).click();
  await page.getByText('hello.txt').first().waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(/approved by/i).waitFor();
  await page.getByRole('link', { name: 'Pawl', exact: true }).click();
  await page.getByText('Nothing waits for you.').waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  expect(userGit(repository, 'log', '-1', '--format=%s', 'main')).toContain('Say hello');
  await close();
});

it('needs no mouse', async () => {
  const repository = newRepository();
  const id = await rig.run({ repository, requirement: 'Type it', ...by('writes', 'a.txt', 'a') });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig);
  await page.getByRole('link', { name: 'Type it' }).waitFor();
  await page.getByText('By its own command', { exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/decision$/);
  const approve = page.getByRole('button', { name: 'Approve' });
  await approve.waitFor();
  const hasFocus = () => page.evaluate<boolean>("document.activeElement.textContent === 'Approve'");
  for (let tabs = 0; tabs < 80 && !(await hasFocus()); tabs += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await rig.until(id, closed);
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.waitForURL(/\/board$/);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await close();
});
