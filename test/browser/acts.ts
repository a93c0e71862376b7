/** What a person does on the page, or meets there, in more than one test file. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { attach, type EngineRig } from '../e2e/rig.ts';

interface Requirement {
  readonly requirement: string;
  readonly repository: string;
  /** Else the one that the repository names. */
  readonly agent?: string;
}

/** Fills in a new requirement, which `Start` sends. */
export async function fillIn(page: Page, { requirement, repository, agent }: Requirement): Promise<void> {
  await page.getByText('New requirement', { exact: true }).click();
  await page.getByLabel('What should be done').fill(requirement);
  await page.getByLabel('Repository').fill(repository);
  if (agent !== undefined) await page.getByRole('textbox', { name: 'Agent' }).fill(agent);
  // What it would be is shown for a field that was left.
  await page.keyboard.press('Tab');
}

/** What the page of an engine that is killed tells as errors. */
export const AWAY = /ERR_CONNECTION_REFUSED|WebSocket connection|Failed to load resource/;

/**
 * Kills the engine under an open page, sees that the page says so, and that it is live again by itself once the engine is. The
 * engine needs a `PAWL_PORT` of its own: the address of the page has to be there again. @param meanwhile while it is away
 */
export async function killUnder(
  page: Page,
  rig: EngineRig,
  meanwhile: () => void = () => undefined,
): Promise<EngineRig> {
  process.kill(rig.endpoints.pid, 'SIGKILL');
  await page.getByText(/^Not live for/).waitFor();
  await page.getByText('not live', { exact: true }).waitFor();
  await rig.leave();
  meanwhile();
  expect(await rig.pawl(['up', '-d'])).toMatchObject({ code: 0 });
  const again = await attach(rig);
  await page.getByText('● live').waitFor();
  await page.getByText(/^Not live for/).waitFor({ state: 'detached' });
  return again;
}
