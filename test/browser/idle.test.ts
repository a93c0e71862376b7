/** Pages that are open while nothing moves: they ask the engine nothing, and Temporal is asked as for one reader. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { withEngine } from '../../bench/engine.ts';
import { openLink, useBrowser } from './browser.ts';

const PAGES = 10;
const REST_MS = 5_000;
/**
 * Once in an interval that is longer than the rest the engine looks for what ended past its worker, in both lists, for all
 * readers together. The polls of workers are no calls of this count.
 */
const ALLOWED: Readonly<Record<string, number>> = { ListWorkflowExecutions: 2 };

const home = mkdtempSync(join(tmpdir(), 'pawl-idle-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
useBrowser();

it(`is the same to Temporal with ${PAGES} pages open as with one`, async () => {
  await withEngine(home, async ({ engine, calls }) => {
    for (const at of ['idle-1', 'idle-2', 'idle-3']) await engine.create({ id: at, title: at });
    const opened = [];
    for (let count = 0; count < PAGES; count += 1) {
      const { url } = await engine.dashboard({});
      opened.push(await openLink(url));
    }
    const asked: string[] = [];
    for (const { page } of opened) {
      await page.getByText('3 wait').waitFor();
      page.on('request', (request) => asked.push(request.url()));
    }
    await sleep(REST_MS);
    const before = await calls();
    expect(before.size).toBeGreaterThan(0);
    asked.length = 0;
    await sleep(REST_MS);
    const after = await calls();
    const made = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
    expect(made.filter(([name, count]) => count > (ALLOWED[name] ?? 0))).toEqual([]);
    expect(asked).toEqual([]);
    for (const { close } of opened) await close();
  });
});
