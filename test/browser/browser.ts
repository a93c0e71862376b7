/**
 * A real Chromium for a test file, and pages of a rig's engine in it. What a page tells as an error (an exception, a line of
 * the console, a violation of the page's policy) fails the test that closes it.
 */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { BROWSER_ARGUMENTS, findBrowser } from '../../scripts/browser/find.mjs';
import type { EngineRig } from '../e2e/rig.ts';

let browser: Browser;

/** Called once by a test file. */
export function useBrowser(): void {
  beforeAll(async () => {
    const executablePath =
      findBrowser() ?? expect.fail('no browser: `npm run test:browser` says how to get one');
    browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] });
  });
  afterAll(() => browser.close());
}

export interface OpenPage {
  readonly page: Page;
  /** Leaves, and expects that the page has told no error but these. */
  close(...expected: readonly RegExp[]): Promise<void>;
}

export interface Opening extends BrowserContextOptions {
  /** The page of the engine, from its `/`. */
  readonly at?: string;
  readonly scope?: 'read' | 'operate' | 'approve';
}

/** Gets in by a link of `pawl dashboard`, as a person does. */
export async function openPage(
  rig: EngineRig,
  { at = '/', scope, ...options }: Opening = {},
): Promise<OpenPage> {
  const args = scope === undefined ? [] : ['--scope', scope];
  const { code, out } = await rig.pawl(['dashboard', '--json', ...args]);
  expect(code).toBe(0);
  const opened = await openLink(JSON.parse(out).url, options);
  if (at !== '/') await opened.page.goto(new URL(at, opened.page.url()).href);
  return opened;
}

/** @param url with the code of a link */
export async function openLink(url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const told: string[] = [];
  page.on('pageerror', (error) => told.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') told.push(message.text());
  });
  await page.goto(url);
  await page.getByText('● live').waitFor();
  return {
    page,
    async close(...expected) {
      await context.close();
      expect(told.filter((line) => !expected.some((pattern) => pattern.test(line)))).toEqual([]);
    },
  };
}
