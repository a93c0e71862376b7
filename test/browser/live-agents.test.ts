/** The console, the agents and the pipeline while an agent works: each moves by itself, and says what is so. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository, scratchFolder } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

it('an agent is shown at work with its task and its words, at rest while it waits, and with what came of it', async () => {
  const now = await openPage(rig);
  const board = await openPage(rig, { at: '/board' });
  const agent = now.page
    .getByRole('region', { name: 'Agents' })
    .getByRole('listitem')
    .filter({ hasText: 'command' });
  const cardIn = (name: string) =>
    board.page.getByRole('region', { name }).getByRole('link', { name: 'Print a line' });
  const heard = join(scratchFolder('heard'), 'output');
  const requirement = 'Print a line';
  const id = await rig.run({ repository: newRepository(), requirement, ...by('prints-until', heard) });

  await agent.getByText('Working', { exact: true }).waitFor();
  await agent.getByRole('link', { name: id }).waitFor();
  await now.page.getByRole('region', { name: 'Under way' }).getByText('at it').waitFor();
  await cardIn('Implementation').waitFor();

  writeFileSync(heard, '');
  await agent.getByText('By its own command', { exact: true }).waitFor();
  await agent.getByText('1 at a gate · no task has ended').waitFor();
  await cardIn('Integration').waitFor();
  expect(await cardIn('Implementation').count()).toBe(0);

  await rig.until(id, atGate);
  await rig.api.approve({ id });
  await rig.until(id, closed);
  await agent.getByText('1 done, 0 failed (100 % done)').waitFor();
  await cardIn('Ended').waitFor();
  await now.close();
  await board.close();
});
