/** Pictures of what a person opens on a page, or meets there: `PAWL_PICTURES=<folder>`, as in `accessible.test.ts`. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, type EngineRig, startRig } from '../e2e/rig.ts';
import { AWAY, fillIn } from './acts.ts';
import { openPage, useBrowser } from './browser.ts';
import { arePicturesWanted, faultsOf, MODES, picture } from './looks.ts';
import { playMore } from './more-scene.ts';
import { endScene } from './scene.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  if (!arePicturesWanted) return;
  rig = await startRig();
  await playMore(rig);
}, 120_000);
afterAll(async () => {
  if (!arePicturesWanted) return;
  await endScene(rig);
  await rig.close();
});

it.skipIf(!arePicturesWanted).each(MODES)('%s, %i pixels wide', { timeout: 300_000 }, async (...mode) => {
  const [colorScheme, width] = mode;
  const { page, close } = await openPage(rig, { colorScheme, viewport: { width, height: 900 } });
  const faults: string[] = [];
  const look = async (name: string) => {
    faults.push(...(await faultsOf(page, name)));
    await picture(page, `opened/${name}`, mode);
  };
  const go = (path: string) => page.goto(new URL(path, page.url()).href);
  await page.getByRole('button', { name: 'Keyboard help' }).click();
  await look('keys');
  await page.keyboard.press('Escape');
  const repository = newRepository({ 'pawl.yaml': 'checks: [{ name: npm test, run: [npm, test] }]\n' });
  await fillIn(page, { requirement: 'Round prices half up', repository, agent: 'command' });
  await page.waitForLoadState('networkidle');
  await look('requirement');
  await lookAtStale(page, look, go);
  const [working] = (await rig.api.list({ status: ['in_progress'] })).tasks;
  await go(`/tasks/${working?.id}`);
  await page.getByText('Tell the agent…').click();
  await look('tell');
  await page.getByRole('button', { name: 'Cancel the task…' }).click();
  await look('cancel');
  await go('/executions/x_driven');
  await openAll(page);
  await look('execution-ways');
  await go('/executions/x_refused');
  await openAll(page);
  await look('guarantee-ways');
  await page.getByRole('button', { name: 'Abort…' }).click();
  await look('abort');
  await lookAtSilence(page, look);
  await page.evaluate('sessionStorage.clear()');
  await go('/#code=none');
  await page.reload();
  await page.locator('pre', { hasText: 'pawl dashboard' }).waitFor();
  await look('outside');
  expect(faults).toEqual([]);
  await close(AWAY, /status of 40[134]/);
});

async function openAll(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  const closed = page.locator('main details:not([open]) > summary');
  while ((await closed.count()) > 0) await closed.first().click();
}

type Look = (name: string) => Promise<void>;

/** What somebody looks at is taken away, then turned down by somebody else. */
async function lookAtStale(page: Page, look: Look, go: (path: string) => Promise<unknown>): Promise<void> {
  const id = await rig.run({
    repository: newRepository(),
    requirement: 'Heed it',
    ...by('heeds', 'heard.txt'),
  });
  await rig.until(id, atGate);
  await go(`/tasks/${id}/decision`);
  await page.getByLabel(/^What is wrong/).fill('Cents, please');
  await rig.api.tell({ id, text: 'Use cents' });
  await page.getByRole('button', { name: 'Look at what waits now' }).waitFor();
  await page.getByRole('button', { name: 'What has changed since' }).click();
  await look('stale');
  await page.getByRole('button', { name: 'Look at what waits now' }).click();
  await rig.api.reject({ id, reason: 'Not euros' });
  await page.getByText(/^Rejected by /).waitFor();
  await look('decided');
}

async function lookAtSilence(page: Page, look: Look): Promise<void> {
  await page.goto(new URL('/', page.url()).href);
  await page.getByText('Waiting for you').waitFor();
  process.kill(rig.endpoints.pid, 'SIGSTOP');
  try {
    await page.getByText(/^Not live for/).waitFor({ timeout: 60_000 });
    await look('silent');
  } finally {
    process.kill(rig.endpoints.pid, 'SIGCONT');
  }
  await page.getByText('● live').waitFor();
}
