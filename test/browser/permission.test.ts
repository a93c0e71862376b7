/** An agent asks to be allowed something: the page says what that is and what each answer means, and the agent goes by it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newRepository } from '../adapters/scratch-repository.ts';
import { agent, atGate, closed, type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const COMMAND = 'curl -fsS https://example.org/data.json -o copied.txt';

/** A task whose agent asks for that, and the page on which it is decided. */
async function asking(): Promise<{ readonly id: string } & Awaited<ReturnType<typeof openPage>>> {
  const id = await rig.run({
    ...{ repository: newRepository(), requirement: 'Copy the data' },
    agent: { name: 'acp', command: agent('asks-permission', COMMAND) },
  });
  const { gates } = await rig.until(id, atGate);
  expect(gates.at(-1)?.permission?.title).toBe(COMMAND);
  const opened = await openPage(rig);
  await opened.page.getByText('The agent asks to be allowed something').waitFor();
  await opened.page.getByRole('article').getByRole('link', { name: 'Copy the data' }).click();
  await wish(opened.page).getByText(COMMAND, { exact: true }).waitFor();
  return { id, ...opened };
}
const wish = (page: Page) => page.getByRole('region', { name: 'The agent asks to be allowed' });
const decision = (page: Page) => page.getByRole('region', { name: 'Your decision' });
const end = async (id: string) => {
  await rig.api.cancel({ id });
  await rig.until(id, closed);
};

it('allows it: the agent does that, and its change is then asked about', async () => {
  const { id, page, close } = await asking();
  await decision(page)
    .getByText(/^Allow: .* for this task alone/)
    .waitFor();
  await decision(page)
    .getByText(/^Refuse: .*needs words/)
    .waitFor();
  await decision(page).getByRole('button', { name: 'Allow', exact: true }).click();
  await page.getByText(/^Allowed by .+ via http/).waitFor();
  const { pullRequest, attempts } = await rig.until(
    id,
    ({ pullRequest: made, ...state }) => made !== null && atGate({ pullRequest: made, ...state }),
  );
  expect(pullRequest?.files).toBe(1);
  expect(attempts.at(-1)?.reason).toBe('permission');
  await page.getByText('What waits now is a newer change.').waitFor();
  await page.getByRole('button', { name: 'Look at what waits now' }).click();
  await page.getByText('copied.txt').first().waitFor();
  await page.getByRole('link', { name: /The task/ }).click();
  const story = page.getByRole('region', { name: 'Story' });
  await story.getByText(`asked: the agent asks for permission: ${COMMAND}`).waitFor();
  await story.getByText(/^Allowed by /).waitFor();
  await end(id);
  await close();
});

it('refuses it with words: the agent reads them and finds another way', async () => {
  const { id, page, close } = await asking();
  const refuse = decision(page).getByRole('button', { name: 'Refuse', exact: true });
  expect(await refuse.isDisabled()).toBe(true);
  await decision(page)
    .getByLabel(/^Why not/)
    .fill('Nothing is fetched here: write it by hand');
  await refuse.click();
  await page.getByText(/^Refused by .+ via http: Nothing is fetched here/).waitFor();
  await page.getByText('What waits now is a newer change.').waitFor();
  await page.getByRole('button', { name: 'Look at what waits now' }).click();
  await page.getByText(/refuses what you asked for .*Nothing is fetched here: write it by hand/).waitFor();
  await end(id);
  await close();
});

it('shows who only looks what is asked, and no answer', async () => {
  const { id, page, close } = await asking();
  const looking = await openPage(rig, { at: `/tasks/${id}/decision`, scope: 'read' });
  await wish(looking.page).getByText(COMMAND, { exact: true }).waitFor();
  await looking.page.getByText(/which may not decide/).waitFor();
  expect(await looking.page.getByRole('button', { name: /Allow|Refuse/ }).count()).toBe(0);
  await looking.close();
  await end(id);
  await close();
  expect(page.isClosed()).toBe(true);
});
