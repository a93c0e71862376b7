/**
 * An execution that the engine drives, in the kill matrix: as soon as its history has come to an event, SIGKILL ends the engine,
 * Temporal or both, what a user would start again is started again, and each skill is done once, each gate answered once, the work
 * merged once. `npm test` does the quick form, `npm run test:kills` every event.
 */
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNothingLeft } from '../engine/nothing-left.ts';
import { drive, newDrivenLoop } from './driven-loop.ts';
import { expectDrivenOnce } from './driven-outcome.ts';
import { untilEvent } from './events.ts';
import { openWorld, type World } from './world.ts';

const ALL = process.env.PAWL_KILLS === 'all';
/** Bounds for a hang. */
const TEST_MS = ALL ? 3_600_000 : 180_000;

type Victim = 'nobody' | 'engine' | 'temporal' | 'engine and temporal';
interface Row {
  readonly victim: Victim;
  readonly event: number;
}

let world: World;
beforeAll(async () => {
  world = await openWorld('inside');
});
afterAll(() => world.remove());

/** @returns how many events its history has in the end */
async function story({ victim, event }: Row): Promise<number> {
  const loop = newDrivenLoop(`x_${victim.replaceAll(' ', '-')}-${event}`);
  const driven = drive(world, loop);
  if (victim !== 'nobody') {
    await Promise.race([untilEvent(world, loop.id, event), driven]);
    await kill(victim);
  }
  return expectDrivenOnce({ world, loop, state: await driven, isWorkerLost: victim.startsWith('engine') });
}

async function kill(victim: Exclude<Victim, 'nobody'>): Promise<void> {
  if (victim !== 'temporal') await world.kill.engine();
  if (victim !== 'engine') await world.kill.temporal();
  if (victim !== 'temporal') await world.start();
}

/** Of a history of so many events. */
function rowsOf(events: number): readonly Row[] {
  const at = (share: number) => Math.ceil(share * events);
  if (!ALL)
    return [
      { victim: 'engine', event: at(0.25) },
      { victim: 'engine and temporal', event: at(0.5) },
      { victim: 'temporal', event: at(0.75) },
    ];
  const every = Array.from({ length: events }, (_, index) => ({
    victim: 'engine' as const,
    event: index + 1,
  }));
  const some = [0.1, 0.3, 0.5, 0.7, 0.9, 1].flatMap((share) =>
    (['temporal', 'engine and temporal'] as const).map((victim) => ({ victim, event: at(share) })),
  );
  return [...every, ...some];
}

it('does each skill once and merges once, at whichever event it is killed', {
  timeout: TEST_MS,
}, async () => {
  const events = await story({ victim: 'nobody', event: 0 });
  const faults: string[] = [];
  const rows = rowsOf(events);
  for (const row of rows) {
    try {
      await story(row);
    } catch (error) {
      faults.push(`SIGKILL of ${row.victim} at event ${row.event} of ${events}: ${inspect(error)}`);
      // What it left would be told as a fault of the next row.
      await world.down().finally(() => world.remove());
      world = await openWorld('inside');
    }
  }
  console.log(`${rows.length} executions, each killed at one of ${events} events`);
  expect(faults, faults.join('\n')).toEqual([]);
});

it('leaves nothing when the engine is stopped', { timeout: TEST_MS }, async () => {
  await world.down();
  expectNothingLeft(world.home);
});
