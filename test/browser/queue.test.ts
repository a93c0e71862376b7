/** Tasks that wait for an agent: each says its place, and moves up as those before it go. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig({ PAWL_AGENTS_PER_HOST: '1' });
});
afterAll(() => rig.close());

it('a card and its agent say the place in the queue, as it is now', async () => {
  const repository = newRepository();
  const ids: string[] = [];
  for (const requirement of ['Work alone', 'Come last', 'Come next']) {
    const urgent = requirement === 'Come next' ? { priority: 'high' as const } : {};
    const id = await rig.run({ repository, requirement, ...urgent, ...by('waits') });
    ids.push(id);
    // In this order, of which the last one is the more urgent.
    await rig.until(id, ({ attempts, waitingFor }) =>
      ids.length === 1 ? attempts.length === 1 : waitingFor !== undefined,
    );
  }
  const { page, close } = await openPage(rig);
  const card = (title: string) => page.getByRole('article').filter({ hasText: title });
  const agents = page.getByRole('region', { name: 'Agents' }).getByRole('listitem');
  const queue = agents.filter({ hasText: 'command' }).getByRole('list', { name: 'Queue' });
  await page.getByText('1 at work · 2 in the queue').waitFor();
  await card('Come next').getByText('1st in the queue, for command').waitFor();
  await card('Come last').getByText('2nd in the queue, for command').waitFor();
  await expect
    .poll(() => queue.getByRole('listitem').allInnerTexts(), { timeout: 30_000 })
    .toEqual(['1st in the queue: Come next (high priority)', '2nd in the queue: Come last']);
  await card('Come next').getByText('high priority · command').waitFor();
  expect(await card('Come last').innerText()).not.toContain('priority');
  const [first = '', ...others] = ids;
  await rig.api.cancel({ id: first });
  await card('Come last').getByText('1st in the queue, for command').waitFor();
  await card('Come next').getByText('in the queue').waitFor({ state: 'detached' });
  await page.getByText('1 at work · 1 in the queue').waitFor();
  await expect
    .poll(() => queue.getByRole('listitem').allInnerTexts(), { timeout: 30_000 })
    .toEqual(['1st in the queue: Come last']);
  await page.goto(new URL('/board', page.url()).href);
  await card('Come last').getByText('1st in the queue').waitFor();
  await card('Come next').getByText('high priority').waitFor();
  for (const id of others.toReversed()) await rig.api.cancel({ id });
  for (const id of ids) await rig.until(id, closed);
  await close();
});
