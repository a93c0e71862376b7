/**
 * Thousands of tasks are planned, fifty at a time, while others are told, completed and shown: no task that was
 * acknowledged makes a later call fail. `npm run test:kills` plans ten thousand.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { quantile } from '../../bench/figures.ts';
import type { EngineClient } from '../../src/domain/operations.ts';
import { createApiClient } from '../../src/edge/http/api-client.ts';
import { tokenOf } from '../../src/engine/home.ts';
import { type EngineRig, startRig } from './rig.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const COUNT = ALL ? 10_000 : 1_500;
const IN_FLIGHT = 50;
/** What the engine may hold for a task that is open: its row, and what is written of it; beside the workflows in its cache. */
const BYTES_PER_TASK_MAX = 16 * 1024;
const CACHE_BYTES_MAX = 256 * 1024 ** 2;
const HANG_MS = ALL ? 30 * 60_000 : 5 * 60_000;

let rig: EngineRig;
let engine: EngineClient;
beforeAll(async () => {
  rig = await startRig();
  engine = createApiClient({ api: rig.endpoints.api, token: tokenOf(rig.home) });
});
afterAll(() => rig.close(), HANG_MS);

const idOf = (number: number) => `task-${number}`;

async function timed(into: number[], act: () => Promise<unknown>): Promise<void> {
  const startedMs = performance.now();
  await act();
  into.push(performance.now() - startedMs);
}

it(`answers every call while ${COUNT} tasks are planned`, { timeout: HANG_MS }, async () => {
  await engine.create({ id: 'first', title: 'First' });
  await engine.list({ limit: 1 });
  const { memoryBytes: before } = await engine.vitals({});
  const quietMs: number[] = [];
  for (let number = 0; number < 20; number += 1)
    await timed(quietMs, () => engine.create({ id: `quiet-${number}`, title: 'Quiet' }));
  const loadedMs: number[] = [];
  let next = 0;
  const lanes = Array.from({ length: IN_FLIGHT }, async () => {
    for (let mine = next++; mine < COUNT; mine = next++) {
      await timed(loadedMs, () => engine.create({ id: idOf(mine), title: `Task ${mine}` }));
      // Of those before it some are told, completed or shown right away.
      if (mine % 10 === 0) await timed(loadedMs, () => engine.update({ id: idOf(mine), note: 'at it' }));
      if (mine % 10 === 1) await timed(loadedMs, () => engine.complete({ id: idOf(mine), summary: 'done' }));
      if (mine % 10 === 2) await timed(loadedMs, () => engine.show({ id: idOf(mine) }));
    }
  });
  await Promise.all(lanes);
  // With no pause: whoever comes now finds no queue of workflows that are to begin.
  for (const last of [COUNT - 1, COUNT - 2, COUNT - 3]) {
    await engine.update({ id: idOf(last), note: 'at it too' });
  }
  const { total } = await engine.list({ limit: 1 });
  expect(total).toBe(COUNT + quietMs.length + 1);
  const { memoryBytes: after } = await engine.vitals({});
  const [p50, p95] = [quantile(quietMs, 0.5), quantile(loadedMs, 0.95)];
  console.info(
    `the engine holds ${Math.round(after / 1024 ** 2)} MB (aim < 512); p95 of a call ${Math.round(p95)} ms, ${(p95 / p50).toFixed(1)} times the quiet p50 of ${p50.toFixed(1)} ms (aim < 20)`,
  );
  // What is held is what is left once the garbage is collected, which the engine does when it has time.
  const held = async () => (await engine.vitals({})).memoryBytes - before;
  const isBounded = async () =>
    expect(await held()).toBeLessThan(CACHE_BYTES_MAX + COUNT * BYTES_PER_TASK_MAX);
  await vi.waitFor(isBounded, { timeout: 60_000, interval: 1_000 });
});
