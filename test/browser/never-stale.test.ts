/**
 * What dashboards of pipelines are known to get wrong: agents that stay "Ready" with no task, a console that stays empty, a
 * pipeline that does not move, failures that are told as success.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, scratchFolder, tipOf } from '../adapters/scratch-repository.ts';
import { agent, atGate, by, check, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it('shows an agent at work, its lines as they come, and its count afterwards, without a reload', async () => {
  const go = join(scratchFolder(), 'go');
  const helper = { command: agent('prints-until', go) };
  const repository = newRepository({ 'pawl.yaml': `agents: ${JSON.stringify({ helper })}\nchecks: []\n` });
  const { page, close } = await openPage(rig);
  const id = await rig.run({ repository, requirement: 'Print', agent: { name: 'helper' } });
  const card = page.locator('.agents li').filter({ hasText: 'helper' });
  await card.getByText('Working', { exact: true }).waitFor();
  await card.getByRole('link', { name: id }).waitFor();
  await page.locator('.last-line').getByText('at it').waitFor();
  writeFileSync(go, '');
  await card.getByText('1 at a gate').waitFor();
  await rig.until(id, atGate);
  await rig.api.approve({ id });
  await card.getByText('1 done, 0 failed (100 % done)').waitFor();
  await card.getByText('Ready', { exact: true }).waitFor();
  await close();
});

it('shows what failed as failed, with why, and nothing as made that nobody made', async () => {
  const repository = newRepository();
  const base = tipOf(repository, 'main');
  const policy = { attemptsMax: 1, fixAttemptsMax: 0, onReject: 'fail' } as const;
  const { page, close } = await openPage(rig);
  const broken = await rig.run({
    ...{ repository, requirement: 'Fail the check', policy },
    ...by('writes', 'a.txt', 'a'),
    checks: [check('process.exit(3)', 'honest')],
  });
  await rig.until(broken, closed);
  await page.goto(new URL(`/tasks/${broken}`, page.url()).href);
  await page.getByText('honest').first().waitFor();
  expect(await page.getByText('Done', { exact: true }).count()).toBe(0);
  await page
    .getByText(/exit code 3|failed/)
    .first()
    .waitFor();
  expect(tipOf(repository, 'main')).toBe(base);
  await page.getByText('Failed', { exact: true }).first().waitFor();
  await close();
});
