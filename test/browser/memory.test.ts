/** A page that is open for days: what the feed changes again and again is drawn, and nothing that was drawn before is kept. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TaskRow } from '../../src/domain/rows.ts';
import { type EngineRig, startRig } from '../e2e/rig.ts';
import { openPage, useBrowser } from './browser.ts';

let rig: EngineRig;
useBrowser();
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const HOUR_MS = 3_600_000;
/** Rounds in which code is compiled and caches fill, before the heap is measured first. */
const WARM_UP_ROUNDS = 10;
const ROUNDS = 60;
/** A quarter of it was seen. A board that kept what it had drawn in these rounds grew by 3.5 MB. */
const GROWTH_BYTES_MAX = 1_000_000;

const rowOf = (number: number, change = 0): TaskRow =>
  TaskRow.parse({
    ...{ id: `moving-${number}`, title: `Task ${number}, change ${change}`, kind: 'agent_run' },
    ...{ status: 'in_progress', step: 'attempt', attempt: 1, startedAt: '2026-01-31T12:00:00.000Z' },
  });

const tasks = Array.from({ length: 30 }, (_, number) => number);

it.each(['/', '/board'])('keeps nothing of what it has drawn before, at %s', async (at) => {
  const { page, close } = await openPage(rig);
  const tell = await standInForFeed(page);
  await page.goto(new URL(at, page.url()).href);
  await page.getByText(rowOf(0).title, { exact: true }).waitFor();
  const round = async (change: number) => {
    // Every other one: what is drawn anew stands between what has been there for a while.
    const rows = tasks.filter((number) => (number + change) % 2 === 0).map((number) => rowOf(number, change));
    for (const row of rows) tell({ type: 'row', row });
    await page.getByText(rows.at(-1)?.title ?? '', { exact: true }).waitFor();
  };
  const session = await page.context().newCDPSession(page);
  const heapBytes = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  };
  for (let change = 1; change <= WARM_UP_ROUNDS; change += 1) await round(change);
  const before = await heapBytes();
  for (let change = 1; change <= ROUNDS; change += 1) await round(WARM_UP_ROUNDS + change);
  expect((await heapBytes()) - before).toBeLessThan(GROWTH_BYTES_MAX);
  // The engine itself knows none of these tasks.
  await close(/404/);
});

/** From its next load on the page is told what this test tells, and no more of the engine's feed. */
async function standInForFeed(page: Page): Promise<(event: object) => void> {
  let told = 0;
  let send = (_event: object): void => expect.fail('the page has not asked for the feed');
  await page.routeWebSocket(/\/ws\?/, (socket) => {
    send = (event) => {
      told += 1;
      socket.send(JSON.stringify({ number: `stand-in:${told}`, event }));
    };
    // It says nothing between what this test tells.
    socket.send(JSON.stringify({ aliveMs: HOUR_MS }));
    send({ type: 'snapshot', rows: tasks.map((number) => rowOf(number)), executions: [] });
  });
  return (event) => send(event);
}
