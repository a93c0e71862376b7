/**
 * Kills: the process that does a task's git work is ended by SIGKILL, with all it has started, before, during and after
 * each of its git commands; the next process finishes. Deterministic: a `git` in front of the real one counts and kills.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { repositoryKey } from '../../../src/adapters/git/mirror.ts';
import { filesBelow, newWorld, scratchFolder, userGit } from '../scratch-repository.ts';

const LIFECYCLE = join(import.meta.dirname, 'fixtures', 'lifecycle.ts');
const REAL_GIT = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** All of prepare, snapshot, commit, check, push, merge and remove; each costs about 3 ms. */
const CALLS_MAX = 44;

type Moment = 'before' | 'during' | 'after';

/** A `git` that ends its process group at the `at`th call. Answers its folder and how often it was called. */
function killingGit(at: number, moment: Moment) {
  const folder = scratchFolder('bin');
  const calls = join(folder, 'calls');
  const kill = 'kill -9 0';
  const run = `"${REAL_GIT}" "$@"`;
  const atKill = { before: kill, during: `${run} <&0 & ${kill}`, after: `${run}; ${kill}` }[moment];
  const lines = [
    '#!/bin/sh',
    `printf . >> "${calls}"`,
    `if [ $(wc -c < "${calls}") -eq ${at} ]; then ${atKill}; fi`,
  ];
  writeFileSync(join(folder, 'git'), [...lines, `exec ${run}`, ''].join('\n'));
  chmodSync(join(folder, 'git'), 0o755);
  return { folder, count: () => (existsSync(calls) ? readFileSync(calls).length : 0) };
}

/** Runs the lifecycle with another git in front; answers how it ended. */
const run = (input: unknown, gitFolder: string) =>
  execa('node', [LIFECYCLE], {
    input: JSON.stringify(input),
    env: { PATH: `${gitFolder}:${process.env.PATH}` },
    // A process group of its own, which is what the kill ends.
    detached: true,
    reject: false,
  });

async function killedAt(at: number, moment: Moment) {
  const world = newWorld();
  const input = { places: world.places, task: world.task, notes: join(world.places.home, 'notes.json') };
  const git = killingGit(at, moment);
  const killed = await run(input, git.folder);
  const again = killed.exitCode === 0 ? killed : await run(input, killingGit(0, 'before').folder);
  return { ...world, killed, again, calls: git.count(), notes: input.notes };
}

/** Merged once, one pull request, nothing left over, nothing of the user's lost. */
function expectMerged(world: Awaited<ReturnType<typeof killedAt>>, moment: Moment): void {
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

  // Every second command, in one of the three ways; which one changes from one to the next.
  const points = Array.from({ length: CALLS_MAX / 2 }, (_, index) => index * 2 + 1);
  const moments: readonly Moment[] = ['before', 'during', 'after'];
  it.concurrent.each(points.map((at) => [moments[at % 3] ?? 'before', at] as const))(
    'is finished by the next process after a kill %s git command %i',
    async (moment, at) => {
      const world = await killedAt(at, moment);
      expectMerged(world, moment);
    },
  );
});
