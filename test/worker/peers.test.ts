/**
 * Two workers of one home, one of them killed in the middle of a step: the other one ends what is left of it and goes on
 * at once, and nothing runs twice at a time. Nobody starts the killed one again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkers } from '../../src/adapters/files/workers.ts';
import { placesIn } from '../../src/config.ts';
import { isClosed, type TaskState } from '../../src/domain/task-state.ts';
import { newRepository, userGit } from '../adapters/scratch-repository.ts';
import { until } from '../engine/engine-rig.ts';
import { expectMergedOnce } from '../kills/outcome.ts';
import type { Point } from '../kills/points.ts';
import { openWorld, type World } from '../kills/world.ts';

/** A bound for a hang, not an expectation of speed. */
const TEST_MS = 120_000;
const LOOK_MS = 30;
const ROOT = join(import.meta.dirname, '..', '..');
const FIXTURES = join(ROOT, 'test', 'fixtures', 'kills');

let world: World;
const others: ChildProcess[] = [];

beforeAll(async () => {
  world = await openWorld('alone');
}, TEST_MS);
afterAll(async () => {
  for (const other of others) await end(other, 'SIGTERM');
  await world.down();
  world.remove();
}, TEST_MS);

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = once(worker, 'exit');
  worker.kill(signal);
  await ended;
}

/** One more worker of the home; settles once it is a member. */
async function joinOne(): Promise<ChildProcess> {
  const env = {
    PATH: `${join(world.folder, 'bin')}:${process.env.PATH}`,
    HOME: process.env.HOME,
    PAWL_HOME: world.home,
  };
  const worker = spawn(process.execPath, [join(ROOT, 'src', 'worker.ts')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  others.push(worker);
  await once(worker.stderr, 'data');
  // A pipe that nobody reads would hold the worker up.
  worker.stderr.resume();
  return worker;
}

/** The worker that runs a step of the task, by its entry in the journal. */
function ownerOf(task: string): number {
  const { journal } = placesIn(world.home);
  const [name] = readdirSync(journal).filter((entry) => entry.startsWith(`${task}.`));
  if (name === undefined) throw new Error('no step of the task runs');
  const [header = ''] = readFileSync(join(journal, name), 'utf8').split('\n');
  return JSON.parse(header).owner.pid;
}

async function follow(task: string, when: (state: TaskState) => boolean): Promise<TaskState> {
  for (;;) {
    const state = await world.pawl().show({ id: task });
    if (when(state)) return state;
    if (state.status === 'awaiting_gate')
      await world.pawl().approve({ id: task, by: 'tester', messageId: 'yes' });
    await sleep(LOOK_MS);
  }
}

const ROWS: readonly Point[] = [
  {
    point: 'after a checkpoint of the agent',
    at: { moment: 'agent-checkpoint', noted: '^\\{"checkpoint":.*"completed":\\["part-1"\\]' },
    kills: ['worker'],
    unfinished: 'agent',
  },
  { point: 'in a check', at: { moment: 'check-start' }, kills: ['worker'], unfinished: 'check' },
];

describe('two workers of one home', () => {
  it.each(ROWS)('one is killed $point', { timeout: TEST_MS }, async (row) => {
    const mine = await joinOne();
    const repository = newRepository();
    const seed = userGit(repository, 'rev-parse', 'main');
    const task = `peers-${row.at.moment}`;
    const { control } = world;
    const program = (name: string, ...args: string[]) => [
      process.execPath,
      join(FIXTURES, name),
      control.folder,
      ...args,
    ];
    control.arm(task, row.at);
    await world.pawl().run({
      id: task,
      requirement: 'Do it although a worker is killed',
      repository,
      agent: { name: 'parts', command: program('agent.mjs') },
      setup: program('program.mjs', 'setup'),
      checks: [{ name: 'parts', run: program('program.mjs', 'check', 'part-1.txt', 'part-2.txt') }],
    });
    await follow(task, () => control.isReached(task, row.at));
    if (ownerOf(task) === mine.pid) await end(mine, 'SIGKILL');
    else await world.kill.worker();

    const state = await follow(task, ({ status }) => isClosed(status));
    await expectMergedOnce({ world, repository, task, seed, state, row, victim: 'worker' });
    await until(() => createWorkers(placesIn(world.home)).lost().length === 0);
    expect(existsSync(join(world.home, 'worker.log'))).toBe(true);
    // Two again for the next row, and not three.
    await end(mine, 'SIGTERM');
    await world.start();
  });
});
