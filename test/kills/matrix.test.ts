/**
 * The kill matrix: at each point of a task's life SIGKILL ends the engine, the worker, the agent or Temporal, what a
 * user would start again is started again, and the task ends merged as if nothing had been. `npm test` does the quick
 * form; `npm run test:kills` all of it.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, onTestFailed } from 'vitest';
import { PawlError } from '../../src/domain/failures.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { expectNothingLeft } from '../engine/nothing-left.ts';
import { expectMergedOnce } from './outcome.ts';
import { POINTS, type Point, type Victim } from './points.ts';
import { openWorld, type World } from './world.ts';

const ALL = process.env.PAWL_KILLS === 'all';
/** Bounds for a hang, not expectations of speed. */
const TEST_MS = 120_000;
const LOOK_MS = 30;
const STEP_ENDS_MS = 1_000;

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'kills');
const program = (name: string, control: string, ...args: readonly string[]) => [
  process.execPath,
  join(FIXTURES, name),
  control,
  ...args,
];

/** Starts a task, kills at the point, starts again what is gone, follows the task to its end. */
async function story(world: World, row: Point, victim: Victim) {
  const repository = newRepository();
  const seed = userGit(repository, 'rev-parse', 'main');
  const task = newTaskId();
  const { control } = world;
  control.arm(task, row.at);
  await world.pawl().run({
    id: task,
    requirement: `Do it although ${victim} is killed ${row.point}`,
    repository,
    agent: { name: 'parts', command: program('agent.mjs', control.folder) },
    setup: program('program.mjs', control.folder, 'setup'),
    checks: [
      { name: 'parts', run: program('program.mjs', control.folder, 'check', 'part-1.txt', 'part-2.txt') },
    ],
  });
  const { moment } = row.at;
  await follow(world, task, ({ status }) => {
    if (status === moment || control.isReached(task, row.at)) return true;
    if (isClosed(status)) throw new Error(`the task was ${status} before anything was killed`);
    return false;
  });
  await kill(world, row, victim);
  const state = await follow(world, task, ({ status }) => isClosed(status));
  return { world, repository, task, seed, state, row, victim };
}

async function kill(world: World, { at: { moment } }: Point, victim: Victim): Promise<void> {
  const { kill: end, control, start } = world;
  if (victim === 'agent') return control.killGroup();
  if (victim === 'temporal') {
    await end.temporal();
    return control.release();
  }
  if (victim === 'engine and hanging temporal') {
    await world.hangTemporal();
    control.release();
    // Nothing outside of the engine shows that a step has ended; a moment later it has.
    await sleep(STEP_ENDS_MS);
  }
  await end[victim === 'worker' ? 'worker' : 'engine']();
  if (victim.endsWith('temporal')) await end.temporal();
  // A command of git's that runs when its engine is killed ends; programs are left to what comes back.
  if (moment.startsWith('git-')) control.endGit();
  await start();
}

/** The state that `when` holds for; on the way a person approves what is shown, but for the one waited for. */
async function follow(world: World, task: string, when: (state: TaskState) => boolean): Promise<TaskState> {
  for (;;) {
    // A worker that was killed may take long to start on a busy machine: until then nobody answers.
    const state = await world.pawl().show({ id: task }).catch(unlessUnavailable);
    if (state !== undefined && when(state)) return state;
    if (state?.status === 'awaiting_gate')
      await world.pawl().approve({ id: task, by: 'tester', messageId: 'yes' });
    await sleep(LOOK_MS);
  }
}

function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof PawlError) || error.code !== 'unavailable') throw error;
}

let count = 0;
function newTaskId(): string {
  count += 1;
  return `kill-${count}`;
}

const victimsOf = ({ kills, quick }: Point): readonly Victim[] =>
  ALL ? kills : kills.filter((victim) => victim === quick);

describe.each(['inside', 'alone'] as const)('with the worker %s', (worker) => {
  const rows = POINTS.flatMap((row) =>
    victimsOf(row)
      .filter((victim) => (victim === 'worker') === (worker === 'alone'))
      .map((victim) => [victim, row.point, row] as const),
  );
  let world: World | undefined;
  const close = async () => {
    await world?.down();
    world?.remove();
    world = undefined;
  };
  afterAll(close, TEST_MS);

  it.each(rows)('a task survives SIGKILL of %s %s', { timeout: TEST_MS }, async (victim, _, row) => {
    // What a failed row left would be told as a failure of the next.
    onTestFailed(close);
    world ??= await openWorld(worker);
    await expectMergedOnce(await story(world, row, victim));
  });

  it('leaves nothing when the engine is stopped', { timeout: TEST_MS }, async () => {
    expect(world).toBeDefined();
    await world?.down();
    expectNothingLeft(world?.home ?? '');
  });
});
