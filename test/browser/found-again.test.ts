/** What a person looks for later: what became of their approval, their words, all of a file, the next thing to do. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commitFiles, newRepository } from '../adapters/scratch-repository.ts';
import { atGate, by, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const end = async (id: string) => {
  await rig.api.cancel({ id });
  await rig.until(id, closed);
};

it('an approval that came to nothing says who gave it, why it does not count, and what is asked now', async () => {
  const repository = newRepository({ 'f.txt': 'a\nb\nc\n' });
  const lazy =
    'if grep -q "<<<<<<<" f.txt; then echo done > note.txt; else sed -i "s/^b/by the agent/" f.txt; fi';
  const id = await rig.run({ repository, agent: { name: 'command', command: ['sh', '-c', lazy] } });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig, { at: `/tasks/${id}/decision` });
  commitFiles(repository, { 'f.txt': 'a\nby a person\nc\n' });
  await page.getByText('Its change waits for approval').waitFor();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText(/^What waits now is a question: .*f\.txt/).waitFor();
  await page.getByText(/^Approved by .* via http, stale since then: the base branch has moved/).waitFor();
  await page.getByRole('link', { name: /The task/ }).click();
  const story = page.getByRole('region', { name: 'Story' }).locator('li');
  await story.filter({ hasText: /Approved by .* stale since then/ }).waitFor();
  // Nothing is below the question that is asked now.
  expect(await story.last().innerText()).toContain('Escalation');
  expect(await story.last().innerText()).toContain('waits for a person');
  await end(id);
  await close();
});

it('words that were typed outlive a reload until they are sent, and are then on the page', async () => {
  const id = await rig.run({ repository: newRepository(), ...by('heeds', 'heard.txt') });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig, { at: `/tasks/${id}` });
  const told = page.getByLabel('What it should know or do');
  await page.getByText('Tell the agent…').click();
  await told.fill('Use cents,\nnot euros');
  await page.reload();
  expect(await told.inputValue()).toBe('Use cents,\nnot euros');
  await page.getByRole('button', { name: 'Tell', exact: true }).click();
  await page.getByRole('region', { name: 'What people have said' }).getByText('Use cents').waitFor();
  await page.getByText('Told: the agent gets it.').waitFor();
  expect(await told.inputValue()).toBe('');
  await page.reload();
  await page.getByText('Tell the agent…').waitFor();
  expect(await told.isVisible()).toBe(false);
  await expect.poll(() => page.title()).toMatch(/^(\(1\) )?.+ · Pawl$/);
  await page.goto(new URL('/', page.url()).href);
  await page.getByText('New requirement', { exact: true }).click();
  await page.getByLabel('What should be done').fill('Say hello');
  await page.reload();
  expect(await page.getByLabel('What should be done').inputValue()).toBe('Say hello');
  await rig.until(id, (state) => atGate(state) && state.attempts.length === 2);
  await end(id);
  await close();
});

const LINES = 20_000;
const LONG = `
  const { writeFileSync } = require('node:fs');
  writeFileSync('long.txt', Array.from({ length: ${LINES} }, (_, n) => 'line ' + (n + 1) + '\\n').join(''));
  writeFileSync('new\\nline "q"', 'x');`;

it('a long file is shown whole at one press, and a line end in a name is marked', {
  timeout: 150_000,
}, async () => {
  const agent = { name: 'command', command: [process.execPath, '-e', LONG] };
  const id = await rig.run({ repository: newRepository(), agent });
  await rig.until(id, atGate);
  const { page, close } = await openPage(rig, { at: `/tasks/${id}/decision` });
  const files = page.getByRole('navigation', { name: 'Files of the change' });
  await files.getByText('newU+000Aline "q"').waitFor();
  await page.getByRole('heading', { name: 'newU+000Aline "q"' }).waitFor();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('button', { name: 'Show all 20,000 lines' }).click();
  // They come slice by slice, so that the page can be used meanwhile.
  await page.getByText(`line ${LINES}`, { exact: true }).waitFor({ timeout: 90_000 });
  expect(await page.getByRole('button', { name: /^Comment on line/ }).count()).toBeGreaterThanOrEqual(LINES);
  await end(id);
  await close();
});

it('an execution that a client drives says whom it waits for, and by which command it goes on', async () => {
  const repository = newRepository({ 'a.txt': 'one\n' });
  await rig.api.startExecution({
    ...{ id: 'x_bug-1', loop: 'bugfix', project: repository, driver: 'client' },
    inputs: { report: 'It fails on Mondays' },
  });
  const { page, close } = await openPage(rig, { at: '/executions/x_bug-1' });
  await page.getByText('waits for whoever drives it').first().waitFor();
  await page
    .getByText(/^pawl execution done x_bug-1 /)
    .first()
    .waitFor();
  await close();
});
