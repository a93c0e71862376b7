/** What must be true of a task that was delivered, and of what it leaves. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { mirrorOf, repositoryKey } from '../../../src/adapters/git/mirror.ts';
import { newWorld, put, userGit } from '../../adapters/scratch-repository.ts';
import type { Places } from './deps.ts';
import type { Row } from './rows.ts';
import { type MergedForGood, Story } from './story.ts';

/** A task whose agent has written a file, and nothing is committed yet. */
export async function begun(): Promise<Story> {
  const world = newWorld();
  const { path } = await world.workspaces.prepare(world.task);
  put(path, { 'new.txt': 'new\n' });
  return new Story(world, path);
}

const refsOf = (repository: string, ...patterns: readonly string[]): readonly string[] =>
  userGit(repository, 'for-each-ref', '--format=%(refname)', ...patterns)
    .split('\n')
    .filter(Boolean);

export function expectMergedOnce(
  { world, commit }: Story,
  merged: MergedForGood,
  row: Pick<Row, 'refs' | 'dirty'>,
): void {
  const { repository, places, task } = world;
  const within = (one: string) => userGit(repository, 'merge-base', '--is-ancestor', one, 'main');
  within(merged.commit);
  within(commit);
  const format = '--format=%(trailers:key=Pawl-Effect,valueonly,separator=%x2c)';
  const effects = userGit(repository, 'log', format, 'main').split('\n').filter(Boolean);
  expect(effects).toHaveLength(new Set(effects).size);
  const expected = { branch: `refs/heads/pawl/${task.id}`, kept: `refs/pawl/${task.id}` };
  expect(refsOf(repository)).toEqual(['refs/heads/main', ...(row.refs ?? []).map((one) => expected[one])]);
  expect(userGit(repository, 'status', '--porcelain')).toBe(row.dirty ?? '');
  expect(readdirSync(join(places.pullRequests, repositoryKey(repository)))).toHaveLength(1);
  expectNothingLeft(places, repository);
}

export function expectNothingLeft(places: Places, repository: string): void {
  expect(readdirSync(places.workspaces)).toEqual([]);
  const mirror = mirrorOf(places.mirrors, repository);
  expect(refsOf(mirror, 'refs/heads', 'refs/pawl/base', 'refs/pawl/tip')).toEqual([]);
  for (const one of [repository, mirror]) userGit(one, 'fsck', '--strict');
}

/** Merged is what was checked: no other tree. */
export function expectAsChecked({ world: { repository }, commit }: Story, merge: string): void {
  const [checked, merged] = [commit, merge].map((one) => userGit(repository, 'rev-parse', `${one}^{tree}`));
  expect(merged).toBe(checked);
}
