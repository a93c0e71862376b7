/** What a person who may decide does with an execution on its page, where it is held up: each as the command line does it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { untilExecution } from '../e2e/until-execution.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const BY_HAND = `
loop: write
title: Write the guide
phases:
  - id: write
    skills:
      - { id: guide, title: Write it, manual: true, guarantees: [{ id: written, deliverable: docs/guide.md, changed: true }] }
      - { id: links, title: Check its links, manual: true }
    gates:
      - { id: spelled, kind: check, title: Is it spelled right?, guarantees: [{ id: listed, deliverable: words.txt, changed: true }] }
      - { id: read, kind: approval, title: Does it read well? }
`;
/** Its agent writes nothing: one attempt is all that it may make. */
const DRIVEN = `
loop: measure
title: Measure it
budget: { attempts: 1, wall: 1h }
phases:
  - id: build
    skills:
      - { id: first, agent: builder, brief: Write it., writes: none }
      - { id: second, agent: builder, brief: Write more., writes: none }
`;
const FILES = {
  'pawl.yaml': `checks: []\nagents:\n  builder: { command: [node, -e, 'console.log(1)'] }\n`,
  '.pawl/loops/write.yaml': BY_HAND,
  '.pawl/loops/measure.yaml': DRIVEN,
};
const isBlocked = ({ status }: { readonly status: string }): boolean => status === 'blocked';

it('takes a guarantee as met, does a skill again, leaves one out, goes on without a gate, and aborts', async () => {
  const id = 'x_write';
  await rig.api.startExecution({ id, loop: 'write', project: newRepository(FILES) });
  await rig.api.completeSkill({ id, skill: 'guide', summary: 'It is in the wiki' });
  await untilExecution(rig, id, isBlocked);
  const { page, close } = await openPage(rig, { at: `/executions/${id}` });
  const card = (title: string) => page.getByRole('article').filter({ hasText: title });
  const guide = card('Write it');
  await guide.getByText('reported, and does not count').waitFor();
  await guide.getByText('Resolve or waive it…').click();
  await guide.getByRole('combobox').selectOption('It is waived: it need not be met');
  const take = guide.getByRole('button', { name: 'Take it so' });
  expect(await take.isDisabled()).toBe(true);
  await guide.getByLabel('Why, or what shows it').fill('It is in the wiki');
  await take.click();
  await guide.getByText('waived with reason').waitFor();
  await rig.api.completeSkill({ id, skill: 'links', outcome: 'failed', summary: 'one is dead' });
  const links = card('Check its links');
  await links.getByText('Do it again from its beginning…').click();
  await links.getByRole('button', { name: 'Do it again' }).click();
  await links.getByText('waits for whoever drives it').waitFor();
  await rig.api.completeSkill({ id, skill: 'links', outcome: 'failed', summary: 'one is dead' });
  await links.getByText('Leave it out…').click();
  await links.getByLabel('Why').fill('Nobody follows it');
  await links.getByRole('button', { name: 'Leave it out' }).click();
  const spelled = page.locator('#gate-spelled');
  await spelled.getByText('Go on without it…').click();
  await spelled.getByLabel('Why').last().fill('There is no list');
  await spelled.getByRole('button', { name: 'Go on without it' }).click();
  await spelled.getByText(/^disabled by /).waitFor();
  const read = page.locator('#gate-read');
  await read.getByLabel(/^Reason/).fill('It is too short');
  await read.getByRole('button', { name: 'Reject' }).click();
  await read.getByText('Approve it after all…').waitFor();
  await page.getByText('Further ways').click();
  await page.getByText(`pawl execution reset ${id} <skill>`).waitFor();
  await page.getByRole('button', { name: 'Abort…' }).click();
  await page.getByLabel(/^Why \(may be/).fill('Not needed any more');
  await page.getByRole('button', { name: 'Abort the execution' }).click();
  await page.getByText(/Aborted: by .+: Not needed any more/).waitFor();
  expect((await rig.api.execution({ id })).status).toBe('aborted');
  expect(await page.getByRole('button', { name: /Abort|Pause/ }).count()).toBe(0);
  await close();
});

it('gives more to spend, where there was not enough', async () => {
  const id = 'x_measure';
  await rig.api.startExecution({ id, loop: 'measure', project: newRepository(FILES), driver: 'engine' });
  await untilExecution(rig, id, isBlocked);
  const { page, close } = await openPage(rig, { at: `/executions/${id}` });
  const ways = page.getByRole('list', { name: 'Commands for the budget, which is spent' });
  await ways.getByText(`pawl execution budget ${id} --attempts <more than 1>`).waitFor();
  await ways.getByText(`pawl execution abort ${id}`).waitFor();
  const spent = page.getByRole('region', { name: 'Spent' });
  await spent.getByText('Attempts: 1 of 1').waitFor();
  await spent.getByText('Change what it may spend…').click();
  const allow = spent.getByRole('button', { name: 'Allow that' });
  expect(await allow.isDisabled()).toBe(true);
  await spent.getByLabel('Attempts in all').fill('4');
  await allow.click();
  await spent.getByText(/^Attempts: \d of 4/).waitFor();
  await untilExecution(rig, id, ({ status }) => status === 'completed');
  await page.getByText('Done', { exact: true }).waitFor();
  const looking = await openPage(rig, { at: `/executions/${id}`, scope: 'read' });
  expect(await looking.page.getByRole('button', { name: /Allow|Abort/ }).count()).toBe(0);
  await looking.close();
  await close();
});
