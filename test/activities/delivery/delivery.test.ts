/**
 * Each step of delivery, with real git and real kills: what if its process dies right before or right after an effect, and
 * the user's repository has moved by the time it is done again?
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf, repositoryKey } from '../../../src/adapters/git/mirror.ts';
import type { CleanUpInput } from '../../../src/domain/steps.ts';
import { newWorld, put, userGit } from '../../adapters/scratch-repository.ts';
import { CLEAN_UP } from './clean-up-rows.ts';
import type { Places } from './deps.ts';
import { REWRITTEN } from './rewritten-rows.ts';
import { ROWS, type Row } from './rows.ts';
import { type MergedForGood, Story } from './story.ts';
import { TAKE_UP } from './take-up-rows.ts';

async function begun(): Promise<Story> {
  const world = newWorld();
  const { path } = await world.workspaces.prepare(world.task);
  put(path, { 'new.txt': 'new\n' });
  return new Story(world, path);
}

const refsOf = (repository: string, ...patterns: readonly string[]): readonly string[] =>
  userGit(repository, 'for-each-ref', '--format=%(refname)', ...patterns)
    .split('\n')
    .filter(Boolean);

function expectMergedOnce({ world, commit }: Story, merged: MergedForGood, row: Row): void {
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

function expectNothingLeft(places: Places, repository: string): void {
  expect(readdirSync(places.workspaces)).toEqual([]);
  const mirror = mirrorOf(places.mirrors, repository);
  expect(refsOf(mirror, 'refs/heads', 'refs/pawl/base', 'refs/pawl/tip')).toEqual([]);
  for (const one of [repository, mirror]) userGit(one, 'fsck', '--strict');
}

const nameOf = ({ death: { step, moment, command = 'its answer' } }: Pick<Row, 'death'>) =>
  `${step} ${moment} ${command}`;

function expectKept({ world: { repository, places, task } }: Story): void {
  const kept = `pawl/${task.id}`;
  expect(userGit(repository, 'show', `${kept}:new.txt`)).toBe('new');
  expect(userGit(repository, 'show', `${kept}:left.txt`)).toBe('left');
  expect(userGit(repository, 'status', '--porcelain')).toBe('');
  expectNothingLeft(places, repository);
}

describe('a task is merged once, with everything of everybody', () => {
  it.concurrent.each(
    [...ROWS, ...TAKE_UP, ...REWRITTEN].map((row) => [nameOf(row), row.meanwhile, row] as const),
  )('where its process dies at %s and meanwhile %s', async (_, __, row) => {
    const story = await begun();
    const { step } = row.death;
    await story.reach(step);
    row.before?.(story);
    await story.die(row.death);
    row.move?.(story);
    const theirs = userGit(story.world.repository, 'rev-parse', 'main');
    const merged = await story.finish(step);
    row.besides?.(story, merged);
    expectMergedOnce(story, merged, row);
    userGit(story.world.repository, 'merge-base', '--is-ancestor', theirs, 'main');
  });
});

describe('a cancelled task leaves its work as its branch and nothing else', () => {
  it.concurrent.each(CLEAN_UP.map((row) => [nameOf(row), row.meanwhile, row] as const))(
    'where its process dies at %s and meanwhile %s',
    async (_, __, row) => {
      const story = await begun();
      await story.reach('cleanUp');
      put(story.path, { 'left.txt': 'left' });
      await story.die(row.death);
      row.move?.(story);
      await story.delivery.cleanUp(story.inputOf('cleanUp') as CleanUpInput);
      row.besides?.(story);
      expectKept(story);
    },
  );
});
