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

let world: World | undefined;
beforeAll(async () => {
  quietSdk();
  world = await openWorld();
});
afterAll(() => world?.close());

it(`is what its model is, through ${COUNT} random sequences`, { timeout: TEST_MS }, async () => {
  const lived = world ?? expect.fail('there is no world');
  const stories = fc
    .sample(sequences, { seed, numRuns: COUNT })
    .map((sequence, at) => createStory(lived, `sequence-${at}`, sequence));
  const left = [...stories];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      await story.run().catch((error: unknown) => {
        left.length = 0;
        throw error;
      });
    }
  });
  // Where one fails, the others end with their calls answered.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  await lived.without('restart', 2);
  for (const story of stories) await story.check();
  expect(lived.faults).toEqual([]);
  // Of all that may happen, what is least likely.
  const { count } = await lived.client.workflow.count(`ExecutionStatus = 'ContinuedAsNew'`);
  expect(count).toBeGreaterThan(0);
  await expectAllReplay(lived.client);
});
