/**
 * Kills: the process that does a task's git work is ended by SIGKILL, with all it has started, before, during and after
 * each of its git commands; the next process finishes. Deterministic: a `git` in front of the real one counts and kills.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryKey } from '../../../src/adapters/git/mirror.ts';
import { filesBelow, newWorld, scratchFolder, userGit } from '../scratch-repository.ts';
import { killingGit, type Moment, putKillingGit, runWith, type Victim } from './killing-git.ts';

const PROGRAM = 'lifecycle.ts';

/** All of prepare, snapshot, commit, check, push, merge and remove; each costs about 3 ms. */
const CALLS_MAX = 36;

async function killedAt(at: number, moment: Moment, victim: Victim = 'group', forked = victim === 'parent') {
  const git = killingGit(at, moment, victim);
  return { ...(await killedBy(git.folder, forked)), calls: git.count() };
}

async function killedBy(git: string, forked: boolean) {
  const world = newWorld();
  const notes = join(world.places.home, 'notes.json');
  const input = { places: world.places, task: world.task, notes, forked };
  const killed = await runWith(PROGRAM, input, git);
  const again =
    killed.exitCode === 0 ? killed : await runWith(PROGRAM, input, killingGit(0, 'before').folder);
  return { ...world, killed, again, notes };
}

/** Merged once, one pull request, nothing left over, nothing of the user's lost. */
function expectMerged(world: Awaited<ReturnType<typeof killedBy>>, moment: Moment): void {
  const { repository, places, task, again, baseCommit, notes } = world;
  expect(again.exitCode, again.stderr).toBe(0);
  const { merge, commit } = JSON.parse(readFileSync(notes, 'utf8'));
  expect(readdirSync(join(places.pullRequests, repositoryKey(repository)))).toHaveLength(1);
  expect(readdirSync(places.workspaces)).toEqual([]);
  expect(userGit(repository, 'log', '-1', '--format=%P', merge.commit)).toBe(`${baseCommit} ${commit}`);
  userGit(repository, 'fsck', '--strict');
  if (merge.takeCommand === undefined) {
    expect(userGit(repository, 'rev-parse', 'main')).toBe(merge.commit);
    expect(userGit(repository, 'status', '--porcelain')).toBe('');
    expect(userGit(repository, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    expect(filesBelow(repository)).toContain('new.txt');
  } else {
    // Git itself was killed while it held the user's index: it is left as it is for the user to decide.
    expect(moment).toBe('during');
    expect(userGit(repository, 'rev-parse', `refs/pawl/${task.id}`)).toBe(merge.commit);
  }
}

describe('a lifecycle', () => {
  it('needs few git commands', async () => {
    const world = await killedAt(0, 'before');
    expectMerged(world, 'before');
    expect(world.calls).toBeLessThanOrEqual(CALLS_MAX);
  });

  it('is the same where a fork server starts git', async () => {
    const world = await killedAt(0, 'before', 'group', true);
    expectMerged(world, 'before');
    expect(world.calls).toBeLessThanOrEqual(CALLS_MAX);
  });

  it.each([
    ['fork server', 'parent', /fork server.*try again/],
    ['git', 'itself', /was ended by SIGKILL/],
  ] as const)(
    'leaves files and base together where the %s is lost once the base has moved',
    async (_, victim, said) => {
      const folder = scratchFolder('bin');
      const once = `mkdir "${join(folder, 'killed')}" 2>/dev/null`;
      putKillingGit(folder, `case "$*" in *'pawl: merge '*) ${once};; *) false;; esac`, 'after', victim);
      const world = await killedBy(folder, victim === 'parent');
      expect(world.killed.stderr).toMatch(said);
      expectMerged(world, 'after');
    },
  );

  const moments: readonly Moment[] = ['before', 'during', 'after'];
  const some = Array.from({ length: CALLS_MAX / 4 }, (_, index) => index * 4 + 1);
  it.concurrent.each(
    some.flatMap((at) => [
      ['fork server', 'parent', at % 8 === 1 ? 'before' : 'after', at] as const,
      ['process and its fork server', 'group', moments[at % 3] ?? 'before', at + 1] as const,
    ]),
  )(
    'is finished by the next process after a kill of the %s (%s, %s command %i)',
    async (_, victim, moment, at) => {
      const world = await killedAt(at, moment, victim, true);
      // What it was at is lost, and told to be.
      if (victim === 'parent' && world.killed.exitCode !== 0) {
        expect(world.killed.stderr).toMatch(/fork server.*try again/);
      }
      expectMerged(world, moment);
    },
  );

  // Every second command, in one of the three ways; which one changes from one to the next.
  const points = Array.from({ length: CALLS_MAX / 2 }, (_, index) => index * 2 + 1);
  it.concurrent.each(points.map((at) => [moments[at % 3] ?? 'before', at] as const))(
    'is finished by the next process after a kill %s git command %i',
    async (moment, at) => {
      const world = await killedAt(at, moment);
      expectMerged(world, moment);
    },
  );
});
