/**
 * What a person at the live page waits for, in a real Chromium with an engine in a process of its own: lines of agents at work,
 * the first paint, a search among many tasks; and what hours of the feed leave in the page's memory.
 */
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BROWSER_ARGUMENTS, findBrowser } from '../scripts/browser/find.mjs';
import { withDetachedEngine } from './detached-engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { environmentIn } from './homes.ts';
import { measureHeap } from './page-heap.ts';
import { type LineCounts, measureLines } from './page-lines.ts';
import { measureSearch, type SearchCounts } from './page-search.ts';
import { type PageGround, tabsOf, untilLive } from './page-tabs.ts';

export interface PageCounts {
  readonly lines: LineCounts;
  /** Navigations that are timed. */
  readonly paints: number;
  /** How long the feed moves while the page's memory is watched. */
  readonly heapSeconds: number;
  readonly search: SearchCounts;
}

/** @param folder where the home and the repository are made */
export async function measurePage(folder: string, counts: PageCounts): Promise<Figure[]> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    process.stderr.write(
      'the live page is left out: there is no Chromium (`npm run test:browser` says more)\n',
    );
    return [];
  }
  const home = join(folder, 'home');
  const atOnce = String(counts.lines.agents);
  const env = {
    ...environmentIn(home),
    PAWL_AGENTS_PER_HOST: atOnce,
    PAWL_AGENTS_PER_REPOSITORY: atOnce,
  };
  return withDetachedEngine(env, async ({ api, endpoints }) => {
    const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] });
    try {
      const ground = { api, env, endpoints, folder, openTab: tabsOf(browser, api) };
      return [
        ...(await measurePaint(ground, counts.paints)),
        ...(await measureLines(ground, counts.lines)),
        ...(await measureHeap(ground, counts.heapSeconds)),
        ...(await measureSearch(ground, counts.search)),
      ];
    } finally {
      await browser.close();
    }
  });
}

async function measurePaint({ openTab }: PageGround, count: number): Promise<Figure[]> {
  // Getting in has read the page's files once, and the tab stays in.
  const page = await openTab('/');
  const times: number[] = [];
  for (let number = 0; number < count; number += 1) {
    await page.goto(new URL('/', page.url()).href);
    times.push(await page.evaluate<number>('probe.firstPaintMs()'));
    await untilLive(page);
  }
  await page.context().close();
  const group = `first paint of the live page, ${count} times, in a tab that is in`;
  return [
    { group, name: 'p50', value: median(times), unit: 'ms', aim: '< 300' },
    { group, name: 'p95', value: quantile(times, 0.95), unit: 'ms' },
  ];
}
