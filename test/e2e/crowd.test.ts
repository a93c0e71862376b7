/**
 * Thousands of tasks are planned, fifty at a time, while others are told, completed and shown: no task that was
 * acknowledged makes a later call fail. `npm run test:kills` plans ten thousand.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it(`answers every call while ${COUNT} tasks are planned`, { timeout: HANG_MS }, async () => {
  await engine.create({ id: 'first', title: 'First' });
  await engine.list({ limit: 1 });
  const { memoryBytes: before } = await engine.vitals({});
  let next = 0;
  const lanes = Array.from({ length: IN_FLIGHT }, async () => {
    for (let mine = next++; mine < COUNT; mine = next++) {
      await engine.create({ id: idOf(mine), title: `Task ${mine}` });
      // Of those before it some are told, completed or shown right away.
      if (mine % 10 === 0) await engine.update({ id: idOf(mine), note: 'at it' });
      if (mine % 10 === 1) await engine.complete({ id: idOf(mine), summary: 'done' });
      if (mine % 10 === 2) await engine.show({ id: idOf(mine) });
    }
  });
  await Promise.all(lanes);
  // With no pause: whoever comes now finds no queue of workflows that are to begin.
  for (const last of [COUNT - 1, COUNT - 2, COUNT - 3]) {
    await engine.update({ id: idOf(last), note: 'at it too' });
  }
  const { total } = await engine.list({ limit: 1 });
  expect(total).toBe(COUNT + 1);
  const { memoryBytes: after } = await engine.vitals({});
  expect(after - before).toBeLessThan(CACHE_BYTES_MAX + COUNT * BYTES_PER_TASK_MAX);
});
