/** Kills while the work of a task that ends is kept: nothing is lost, nothing is kept twice. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commitFiles, newWorld, put, userGit } from '../scratch-repository.ts';
import { killingGit, type Moment, runWith } from './killing-git.ts';

const PROGRAM = 'cleans-up.ts';
const CALLS_MAX = 39;

async function killedAt(at: number, moment: Moment) {
  const world = newWorld();
  const { workspaces, task, places } = world;
  const { path } = await workspaces.prepare(task);
  userGit(path, 'checkout', '-q', '-b', 'side');
  commitFiles(path, { 'side.txt': 's' });
  userGit(path, 'checkout', '-q', '-');
  put(path, { 'a.txt': 'stashed' });
  userGit(path, 'stash', '-q');
  commitFiles(path, { 'own.txt': 'o' });
  put(path, { 'left.txt': 'l' });
  const git = killingGit(at, moment);
  const killed = await runWith(PROGRAM, { places, task }, git.folder);
  const again =
    killed.exitCode === 0 ? killed : await runWith(PROGRAM, { places, task }, killingGit(0, 'before').folder);
  return { ...world, again, calls: git.count() };
}

function expectKept({ repository, task, again, places }: Awaited<ReturnType<typeof killedAt>>) {
  expect(again.exitCode, again.stderr).toBe(0);
  const branches = userGit(repository, 'for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads');
  const kept = ['', '.kept-1', '.kept-2'].map((end) => `pawl/${task.id}${end}`);
  expect(branches.split('\n')).toEqual(['main', ...kept]);
  const files = kept.map((one) => userGit(repository, 'diff', '--name-only', 'main', one));
  expect(files).toEqual(['left.txt\nown.txt', 'side.txt', 'a.txt']);
  userGit(repository, 'fsck', '--strict');
  expect(readdirSync(places.workspaces)).toEqual([]);
}

describe('the end of a task', () => {
  it('needs few git commands', async () => {
    const world = await killedAt(0, 'before');
    expectKept(world);
    expect(world.calls).toBeLessThanOrEqual(CALLS_MAX);
  });

  const points = Array.from({ length: CALLS_MAX / 3 }, (_, index) => index * 3 + 1);
  const moments: readonly Moment[] = ['before', 'during', 'after'];
  it.concurrent.each(points.map((at, index) => [moments[index % 3] ?? 'before', at] as const))(
    'keeps all of its work once after a kill %s git command %i',
    async (moment, at) => {
      expectKept(await killedAt(at, moment));
    },
  );
});
