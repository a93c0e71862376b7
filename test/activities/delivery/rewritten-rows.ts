/** The base was rewritten before the merge begins: only the task's own change is carried over to it, wherever the process dies. */
import { expect } from 'vitest';
import { commitFiles, userGit } from '../../adapters/scratch-repository.ts';
import { baseMoves } from './moves.ts';
import type { Row } from './rows.ts';
import { after, answerLost, before, type Death, type Story } from './story.ts';

/** Without the commit that the task stands on, and with another file. */
const rewrite = ({ world: { repository } }: Story): void => {
  userGit(repository, 'commit', '-q', '--amend', '-m', 'other words');
  commitFiles(repository, { 'rewritten.txt': 'rewritten' });
};

const hasOwnChangeAlone = ({ world: { repository, baseCommit } }: Story): void => {
  expect(userGit(repository, 'rev-list', 'main').split('\n')).not.toContain(baseCommit);
  const files = userGit(repository, 'ls-tree', '-r', '--name-only', 'main').split('\n');
  expect(files).toEqual(expect.arrayContaining(['new.txt', 'rewritten.txt']));
};

const EVERYWHERE = [
  before('merge', 'merge-tree'),
  after('merge', 'merge-tree'),
  before('merge', 'update-ref --stdin'),
  after('merge', 'update-ref --stdin'),
  before('merge', 'read-tree --reset'),
  after('merge', 'read-tree --reset'),
  answerLost('merge'),
];
const AT_LAST = [after('merge', 'read-tree --reset'), answerLost('merge')];

const rowsOf = (deaths: readonly Death[], meanwhile: string, move: Row['move']): readonly Row[] =>
  deaths.map((death) => ({
    death,
    before: rewrite,
    meanwhile,
    besides: hasOwnChangeAlone,
    ...(move && { move }),
  }));

export const REWRITTEN: readonly Row[] = [
  ...rowsOf(EVERYWHERE, 'nothing else happens to the rewritten base', undefined),
  ...rowsOf(AT_LAST, 'the rewritten base moves', baseMoves()),
  ...rowsOf(AT_LAST, 'the rewritten base moves against the change', baseMoves('new.txt', 'theirs')),
  ...rowsOf(AT_LAST, 'the base is rewritten again', (story) => {
    userGit(story.world.repository, 'reset', '-q', '--hard', 'HEAD~1');
    rewrite(story);
  }),
];
