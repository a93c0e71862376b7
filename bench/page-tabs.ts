/** Tabs of the live page, which got in as a person's do, each with the probe that is asked what only the page can tell. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Pawl } from '../src/client.ts';
import type { Endpoints } from '../src/engine/endpoints.ts';

export interface PageGround {
  readonly api: Pawl;
  readonly env: NodeJS.ProcessEnv;
  readonly endpoints: Endpoints;
  /** Where repositories are made. */
  readonly folder: string;
  readonly openTab: OpenTab;
}

/**
 * @param at the page that is shown, from its `/`
 * @param before is done to the new tab before it asks the engine for anything
 * @returns the tab once it is live, alone in its context: whoever closes that closes all of it
 */
export type OpenTab = (at: string, before?: (page: Page) => Promise<void>) => Promise<Page>;

const PROBE = join(import.meta.dirname, 'page-probe.mjs');

export function tabsOf(browser: Browser, api: Pawl): OpenTab {
  return async (at, before = async () => undefined) => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    await context.addInitScript({ path: PROBE });
    const page = await context.newPage();
    await before(page);
    const { url } = await api.dashboard({});
    await page.goto(url);
    await untilLive(page);
    if (at === '/') return page;
    await page.goto(new URL(at, url).href);
    await untilLive(page);
    return page;
  };
}

export const untilLive = (page: Page): Promise<void> => page.getByText('● live').waitFor();
