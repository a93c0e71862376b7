/** Decisions made in the page: what is sent, what becomes of what others decide meanwhile, and who may not. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TaskState } from '../../src/domain/task-state.ts';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

/** A task whose change says what its agent was told, and waits for its approval. */
async function waiting(): Promise<string> {
  const id = await rig.run({ repository: newRepository({ 'a.txt': 'one\n' }), ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  return id;
}
const decisionOn = (id: string) => `/tasks/${id}/decision`;
const openGate = ({ gates }: TaskState) => gates.find(({ status }) => status === 'open');
const again =
  (before: string) =>
  (state: TaskState): boolean =>
    atGate(state) && openGate(state)?.id !== before;
const end = async (id: string) => {
  await rig.api.cancel({ id });
  await rig.until(id, closed);
};
const reason = (page: Page) => page.getByLabel('What is wrong with it');

it('what is said of a line by the keyboard outlives a reload, is sent once, and is what the agent reads', async () => {
  const id = await waiting();
  const { page, close } = await openPage(rig, { at: decisionOn(id) });
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/reject')) sent.push(request.postData() ?? '');
  });
  await page.locator('button.line[tabindex="0"]').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('textarea:focus').waitFor();
  await page.keyboard.type('say more');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.evaluate('document.activeElement.ariaLabel')).toBe('Comment on line 1');
  await page.reload();
  await reason(page).fill('Not yet');
  await page.getByRole('button', { name: 'Reject' }).dblclick();
  await page.getByText(/^Rejected by /).waitFor();
  await rig.until(id, again('approval-1'));
  expect(sent).toHaveLength(1);
  expect(JSON.parse(sent[0] ?? '')).toMatchObject({
    gate: 'approval-1',
    digest: expect.stringMatching(/^sha256:/),
    reason: 'Not yet\n\nheard.txt:1: say more',
  });
  const { patch } = await rig.api.diff({ id: id });
  expect(patch).toContain('heard.txt:1: say more');
  await end(id);
  await close();
});

it('what one looks at and writes stays when something newer waits, which is compared and then decided', async () => {
  const id = await waiting();
  const { page, close } = await openPage(rig, { at: decisionOn(id) });
  await reason(page).fill('Mine');
  await rig.api.tell({ id: id, text: 'use cents' });
  await page.getByText('Stale: something newer waits').waitFor({ timeout: 30_000 });
  await page.getByText('What you have written, and not sent').waitFor();
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  await page.getByRole('button', { name: 'What has changed since' }).click();
  await page.locator('.difference .now').filter({ hasText: 'use cents' }).waitFor();
  await page.locator('.difference .before').filter({ hasText: 'nothing to heed' }).waitFor();
  await page.getByRole('button', { name: 'Look at what waits now' }).click();
  expect(await reason(page).inputValue()).toBe('Mine');
  await page.getByRole('button', { name: 'Approve' }).click();
  expect(await rig.until(id, closed)).toMatchObject({ status: 'completed' });
  await close();
});

it('says who decided meanwhile, in another tab or by the command line', async () => {
  const [one, other] = await Promise.all([waiting(), waiting()]);
  const looking = await openPage(rig, { at: decisionOn(one) });
  const deciding = await openPage(rig, { at: decisionOn(one) });
  await deciding.page.getByRole('button', { name: 'Approve' }).click();
  await looking.page.getByText(/^Approved by .* via http/).waitFor();
  expect(await looking.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  await rig.until(one, closed);
  await looking.page.goto(new URL(decisionOn(other), looking.page.url()).href);
  await looking.page.getByRole('button', { name: 'Approve' }).waitFor();
  expect(await rig.pawl(['reject', other, '--reason', 'not this way'])).toMatchObject({ code: 0 });
  await looking.page.getByText(/^Rejected by .* via cli: not this way/).waitFor();
  await rig.until(other, again('approval-1'));
  await end(other);
  await deciding.close();
  await looking.close();
});

it('who may not decide sees everything, and why there are no buttons', async () => {
  const id = await waiting();
  const { page, close } = await openPage(rig, { at: decisionOn(id), scope: 'read' });
  await page.getByText('which may not decide').waitFor();
  await page.getByText('first: nothing to heed').waitFor();
  expect(await page.getByRole('button', { name: /Approve|Reject|Comment on line/ }).count()).toBe(0);
  await page.getByRole('link', { name: /The task/ }).click();
  await page.getByText('This token may look, not act').waitFor();
  await end(id);
  await close();
});

it('an agent that cannot go on is told how, and cancelled where its story is', async () => {
  const repository = newRepository({ 'a.txt': 'one\n' });
  const id = await rig.run({ repository, ...by('blocked-at-first') });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig, { at: decisionOn(id) });
  await page.getByText('needs a key for the database').first().waitFor();
  await page.getByLabel('What the agent should do').fill('it is in the vault');
  await page.getByRole('button', { name: 'Tell the agent, and go on' }).click();
  await page.getByText(/^Answered by /).waitFor();
  await page.getByRole('link', { name: /The task/ }).click();
  await page.getByRole('heading', { name: 'Attempts' }).waitFor();
  await page.getByRole('button', { name: 'Cancel the task…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the task' }).click();
  expect(await rig.until(id, closed)).toMatchObject({ status: 'cancelled' });
  await page.getByRole('button', { name: 'Run again' }).waitFor();
  await close();
});

it('says of a task that it was removed, or that there is none of its name, or that an address is none', async () => {
  const { id } = await rig.api.create({ id: 'short-lived', title: 'Short lived' });
  const { page, close } = await openPage(rig, { at: `/tasks/${id}` });
  await page.getByRole('heading', { name: 'Short lived' }).waitFor();
  await rig.api.cancel({ id });
  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  await rig.api.remove({ id });
  await page.getByText('This task was removed: what you see is how it was.', { exact: true }).waitFor();
  expect(await page.getByText('there is no task').count()).toBe(0);
  await page.goto(new URL('/tasks/never-was', page.url()).href);
  await page.getByText('there is no task never-was').waitFor();
  await page.goto(new URL('/tasks/%ff', page.url()).href);
  await page.getByRole('heading', { name: /^Nothing is at / }).waitFor();
  await close(/404/);
});
