/**
 * Random lives of tasks, of which each worker knows only a part: whatever they are told, and however often who works on
 * them forgets, is killed or is away, each is what a model of it is, and its history can be read anew. `npm run test:kills`
 * lives 500 of them.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietSdk } from '../oracle/quiet-sdk.ts';
import { expectAllReplay } from '../oracle/replay.ts';
import { sequences } from './steps.ts';
import { createStory } from './story.ts';
import { openWorld, type World } from './world.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const COUNT = ALL ? 500 : 20;
/** They share a worker, so that what happens to it happens to all of them. */
const AT_ONCE = 12;
/** For a hang. */
const TEST_MS = ALL ? 45 * 60_000 : 5 * 60_000;
const seed = Number(process.env.PAWL_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.info(`sequences with seed ${seed}; PAWL_SEED=${seed} does them again`);

let world: World;
beforeAll(async () => {
  quietSdk();
  world = await openWorld();
});
afterAll(() => world.close());

it(`is what its model is, through ${COUNT} random sequences`, { timeout: TEST_MS }, async () => {
  const stories = fc
    .sample(sequences, { seed, numRuns: COUNT })
    .map((sequence, at) => createStory(world, `sequence-${at}`, sequence));
  const left = stories.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const story of left) await story.run();
    }),
  );
  await world.without('restart', 2);
  for (const story of stories) await story.check();
  expect(world.faults).toEqual([]);
  await expectAllReplay(world.client);
});
