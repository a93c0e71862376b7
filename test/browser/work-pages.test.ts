/** The log of a task, the board, an execution and the archive, as a person goes about them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { atGate, check, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const LINES = 3_001;
/** Prints many lines, some of them hostile, and changes a file. */
const PRINTS = `
  const { writeFileSync } = require('node:fs');
  for (let n = 1; n <= ${LINES}; n += 1)
    console.log(n % 1000 === 0 ? '\\x1b[31mwrong\\x1b[0m <img src=x onerror=alert(1)> \\u202eat ' + n : 'line ' + n);
  writeFileSync('a.txt', 'two');
`;
const prints = (repository: string, requirement: string) =>
  rig.run({
    ...{ repository, requirement, checks: [check('process.exit(0)', 'fine')] },
    agent: { name: 'command', command: [process.execPath, '-e', PRINTS] },
  });

it('shows a log from its end, finds in it, and takes none of it for markup', async () => {
  const id = await prints(newRepository(), 'Print a lot');
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig, { at: `/tasks/${id}` });
  const lines = page.getByRole('region', { name: 'Lines of the log' });
  // How it ended is told by its last line once more.
  await lines.getByText(`line ${LINES}`).first().waitFor();
  // Of thousands only those are drawn that are seen.
  expect(await lines.locator('.log-line').count()).toBeLessThan(100);
  expect(await lines.locator('img').count()).toBe(0);
  const search = page.getByPlaceholder('Search the log');
  await search.fill('WRONG');
  await page.getByText('3 lines', { exact: true }).waitFor();
  await search.press('Enter');
  await page.getByText('1 of 3', { exact: true }).waitFor();
  await lines.getByText('at 1000').waitFor();
  await expect.poll(() => lines.locator('.log-line.at').innerText()).toContain('U+202E');
  await search.press('Shift+Enter');
  await lines.getByText('at 3000').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Go on (0 new)' }).waitFor();
  await rig.api.cancel({ id });
  await rig.until(id, closed);
  await close();
});

it('moves a card over the board as its task moves, and keeps the filter in the address', async () => {
  await rig.api.create({ id: 'notes', title: 'Write the notes', specialist: 'analyst' });
  await rig.api.create({ id: 'other', title: 'Send them' });
  const { page, close } = await openPage(rig, { at: '/board?text=notes' });
  const column = (name: string) => page.getByRole('region', { name });
  await column('Waiting').getByRole('link', { name: 'Write the notes' }).waitFor();
  expect(await page.getByRole('link', { name: 'Send them' }).count()).toBe(0);
  await rig.api.claim({ id: 'notes' });
  await column('Analysis').getByRole('link', { name: 'Write the notes' }).waitFor();
  await rig.api.complete({ id: 'notes', summary: 'Written' });
  await column('Ended').getByRole('link', { name: 'Write the notes' }).waitFor();
  await page.getByLabel('Text').fill('send');
  await page.getByRole('link', { name: 'Send them' }).waitFor();
  expect(new URL(page.url()).searchParams.get('text')).toBe('send');
  await page.getByRole('link', { name: 'Send them' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/tasks\/other$/);
  await rig.api.cancel({ id: 'other' });
  await close();
});

it('shows what a task waits for with its commands as such', async () => {
  await rig.api.create({ id: 'held', title: 'Send the letters' });
  await rig.api.update({
    id: 'held',
    status: 'blocked',
    note: 'a stamp: `pawl update held` once it is there',
  });
  const { page, close } = await openPage(rig, { at: '/tasks/held' });
  const waits = page.getByText('Waits for a stamp: pawl update held once it is there', { exact: true });
  await waits.locator('code', { hasText: /^pawl update held$/ }).waitFor();
  await rig.api.cancel({ id: 'held' });
  await close();
});

it('decides at the gate of an execution, pauses it and lets it go on', async () => {
  const id = 'x_bugfix-1';
  await rig.api.startExecution({
    ...{ id, loop: 'bugfix', project: newRepository() },
    inputs: { report: 'It fails on Mondays' },
  });
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs });
  const { page, close } = await openPage(rig, { at: `/executions/${id}` });
  await page.getByText('It fails on Mondays').first().waitFor();
  const gate = page.locator('#gate-repro');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Let it go on' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  // Without a reason nothing is rejected.
  expect(await gate.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
  await gate.getByRole('button', { name: 'Approve' }).click();
  await gate.getByText(/^Approved by /).waitFor();
  expect((await rig.api.execution({ id })).currentPhase).toBe('scaffold');
  await rig.api.steerExecution({ id, steer: { act: 'abort' } });
  await page.getByText('Aborted', { exact: true }).waitFor();
  await close();
});

it('shows no button of a decision to who only looks', async () => {
  const id = 'x_bugfix-2';
  await rig.api.startExecution({
    ...{ id, loop: 'bugfix', project: newRepository() },
    inputs: { report: 'It fails' },
  });
  const outputs = { reproduced: true, test: 'a', observed: 'b', expected: 'c' };
  await rig.api.completeSkill({ id, skill: 'bug-reproducer', outputs });
  const { page, close } = await openPage(rig, { at: `/executions/${id}`, scope: 'read' });
  await page.locator('#gate-repro').getByText('Whoever has the scope approve decides here.').waitFor();
  expect(await page.getByRole('button', { name: /Approve|Reject|Pause/ }).count()).toBe(0);
  await rig.api.steerExecution({ id, steer: { act: 'abort' } });
  await close();
});

it('finds in the archive what was put away, reads it as text and downloads it', async () => {
  await rig.api.create({ id: 'old', title: 'An old report' });
  await rig.api.complete({
    ...{ id: 'old', summary: 'Reported' },
    detail: '<h1>Report</h1><script>parent.document.title = "taken"</script>',
  });
  await rig.api.archive({ id: 'old' });
  const { page, close } = await openPage(rig, { at: '/archive' });
  await page.getByLabel('Words of title or description').fill('report');
  await page.getByText('An old report').click();
  await page.getByText('Reported').waitFor();
  await page.getByRole('list', { name: 'Artifacts' }).locator('summary').click();
  await page.getByText('<h1>Report</h1>').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.\w+$/);
  await page.getByLabel('Words of title or description').fill('nothing has this');
  await page.getByText('Nothing that was put away has all of these words.').waitFor();
  await close();
});
