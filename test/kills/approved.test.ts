/**
 * Approved tasks of one repository under random kills: whatever is killed, and whenever, all are merged one after the other, each
 * as it was checked, and nobody is asked twice. `npm test` does the quick form, `npm run test:kills` ten tasks and a hundred
 * kills. A run is repeated by its seed: `PAWL_KILLS_SEED=…`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { it, onTestFinished } from 'vitest';
import { expectNothingLeft } from '../engine/nothing-left.ts';
import { approve, type Crowd, expectMergedInOrder, openCrowd, untilClosed } from './approved.ts';
import { openWorld, type World } from './world.ts';

const ALL = process.env.PAWL_KILLS === 'all';
const TASKS = ALL ? 10 : 3;
const KILLS = ALL ? 100 : 3;
/** How long it runs at most until the next kill: in that time some are merged, and others are about to be. */
const LIVES_MS_MAX = 5_000;
/** A bound for a hang. */
const TEST_MS = ALL ? 3_600_000 : 180_000;
const VICTIMS = ['engine', 'engine', 'engine', 'temporal', 'engine and temporal'] as const;

const seed = Number(process.env.PAWL_KILLS_SEED ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1 that the seed alone decides (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function kill({ kill: end, start }: World, victim: (typeof VICTIMS)[number]): Promise<void> {
  if (victim !== 'temporal') await end.engine();
  if (victim !== 'engine') await end.temporal();
  if (victim !== 'temporal') await start();
}

/** Approves them in a random order, and kills until all are merged. Answers how many were killed. */
async function killUntilMerged(world: World, crowd: Crowd, random: () => number, killsMax: number) {
  const waiting = crowd.ids.toSorted(() => random() - 0.5);
  const approving = (async () => {
    for (const id of waiting) await approve(world, crowd, id);
  })();
  let open = true;
  const merging = approving
    .then(() => Promise.all(crowd.ids.map((id) => untilClosed(world, id))))
    .finally(() => {
      open = false;
    });
  let kills = 0;
  while (open && kills < killsMax) {
    await Promise.race([sleep(random() * LIVES_MS_MAX), merging]);
    if (!open) break;
    await kill(world, VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'engine');
    kills += 1;
  }
  expectMergedInOrder(crowd, await merging);
  return kills;
}

it(`${TASKS} approved tasks are merged in order over ${KILLS} random kills, each approved once`, {
  timeout: TEST_MS,
}, async () => {
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const world = await openWorld('inside');
  let checks = 0;
  let tasks = 0;
  try {
    for (let kills = 0, round = 1; kills < KILLS; round += 1) {
      const crowd = await openCrowd(world, `round-${round}`, TASKS);
      kills += await killUntilMerged(world, crowd, random, KILLS - kills);
      checks += crowd.checked().length;
      tasks += TASKS;
    }
  } finally {
    await world.down();
    onTestFinished(world.remove);
  }
  console.log(`${tasks} tasks, ${tasks} approvals, ${checks} checks`);
  expectNothingLeft(world.home);
});
