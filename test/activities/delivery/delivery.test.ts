/**
 * Each step of delivery, with real git and real kills: what if its process dies right before or right after an effect, and
 * the user's repository has moved by the time it is done again?
 */
import { describe, expect, it } from 'vitest';
import type { CleanUpInput } from '../../../src/domain/steps.ts';
import { put, userGit } from '../../adapters/scratch-repository.ts';
import { CLEAN_UP } from './clean-up-rows.ts';
import { begun, expectMergedOnce, expectNothingLeft } from './outcome.ts';
import { REWRITTEN } from './rewritten-rows.ts';
import { ROWS, type Row } from './rows.ts';
import type { Story } from './story.ts';
import { TAKE_UP } from './take-up-rows.ts';

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
