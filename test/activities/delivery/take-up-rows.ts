/** The same for the step that takes up what the user has put on the branch of a task that waits. */
import { expect } from 'vitest';
import { userGit } from '../../adapters/scratch-repository.ts';
import { baseMoves, hasMergedBranchWork, workOnBranch } from './moves.ts';
import type { Row } from './rows.ts';
import { after, answerLost, before } from './story.ts';

export const TAKE_UP: readonly Row[] = [
  ...[before('takeUp', 'pack-objects'), after('takeUp', 'unpack-objects')],
  ...[before('takeUp', 'update-ref --stdin'), after('takeUp', 'update-ref --stdin')],
  ...[before('takeUp', 'read-tree --reset'), after('takeUp', 'read-tree --reset'), answerLost('takeUp')],
].map(
  (death): Row => ({
    death,
    before: (story) => workOnBranch(story),
    meanwhile: 'the user goes on there, and the base moves',
    move: (story) => {
      workOnBranch(story, 'more.txt');
      baseMoves()(story);
    },
    besides: (story) => {
      hasMergedBranchWork(story);
      expect(userGit(story.world.repository, 'show', 'main:more.txt')).toBe('mine');
    },
  }),
);
