/** At which moment the process of which step dies, and what happens to the user's repository before the step is done again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { commitFiles, userGit } from '../../adapters/scratch-repository.ts';
import {
  baseMoves,
  basePushed,
  branch,
  edits,
  firstMove,
  hasMergedBranchWork,
  isMergeOfNewest,
  isWithoutFirst,
  workOnBranch,
} from './moves.ts';
import { after, answerLost, before, type Death, type MergedForGood, type Story } from './story.ts';

export interface Row {
  /** What happens meanwhile, as it stands in the test's name. */
  readonly meanwhile: string;
  readonly death: Death;
  /** Before the step begins at all. */
  readonly before?: (story: Story) => void;
  readonly move?: (story: Story) => void;
  /** What holds besides what holds for all: merged once, with everything of everybody's, and nothing left over. */
  readonly besides?: (story: Story, merged: MergedForGood) => void;
  /** What is there in the end besides the base: the task's branch where the user has a hand on it, a merge to be taken. */
  readonly refs?: readonly ('branch' | 'kept')[];
  /** What the user's working tree has changed in the end. */
  readonly dirty?: string;
}

const COMMIT: readonly Row[] = [
  { death: before('commit', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: after('commit', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: before('commit', 'diff-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: answerLost('commit'), meanwhile: 'nothing else happens' },
];

const PUSH: readonly Row[] = [
  { death: before('publish', 'pawl: push'), meanwhile: 'the base moves', move: baseMoves() },
  {
    death: after('publish', 'pawl: push'),
    meanwhile: 'the user removes the branch',
    move: (story) => void userGit(story.world.repository, 'branch', '-qD', branch(story)),
  },
  {
    death: after('publish', 'pawl: push'),
    meanwhile: 'the user works on the branch',
    move: (story) => workOnBranch(story),
    besides: hasMergedBranchWork,
  },
  {
    death: after('publish', 'pawl: push'),
    meanwhile: 'the user checks the branch out',
    move: (story) => void userGit(story.world.repository, 'checkout', '-q', branch(story)),
    refs: ['branch'],
  },
];

const PULL_REQUEST: readonly Row[] = [
  { death: answerLost('publish'), meanwhile: 'the base moves', move: baseMoves() },
  {
    death: answerLost('publish'),
    meanwhile: 'the user works on the branch',
    move: (story) => workOnBranch(story),
    besides: hasMergedBranchWork,
  },
  {
    death: answerLost('publish'),
    meanwhile: 'the user merges it by hand',
    move: (story) =>
      void userGit(story.world.repository, 'merge', '-q', '--no-ff', '-m', 'mine', branch(story)),
  },
];

const MERGE: readonly Row[] = [
  { death: before('merge', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  { death: after('merge', 'commit-tree'), meanwhile: 'the base moves', move: baseMoves() },
  {
    death: after('merge', 'commit-tree'),
    meanwhile: 'the user removes the branch',
    move: (story) => void userGit(story.world.repository, 'branch', '-qD', branch(story)),
  },
  {
    death: after('merge', 'commit-tree'),
    meanwhile: 'the user merges it by hand',
    move: (story) => void userGit(story.world.repository, 'merge', '-q', '--ff-only', branch(story)),
    besides: ({ commit }, merged) => expect(merged.commit).toBe(commit),
  },
];

const MOVE_OF_THE_BASE: readonly Row[] = [
  { death: before('merge', 'read-tree -m'), meanwhile: 'the base moves', move: baseMoves() },
  { death: after('merge', 'read-tree -m'), meanwhile: 'nothing else happens' },
  {
    death: after('merge', 'read-tree -m'),
    meanwhile: 'the base is pushed to from elsewhere',
    move: basePushed,
  },
  {
    death: after('merge', 'read-tree -m'),
    meanwhile: 'the user takes the files back',
    move: ({ world }) => void userGit(world.repository, 'reset', '-q', '--hard'),
  },
  {
    death: after('merge', 'read-tree -m'),
    meanwhile: 'the user edits a file',
    move: edits,
    besides: ({ world: { repository } }, merged) => {
      expect(merged.takeCommand).toContain(merged.commit);
      userGit(repository, 'merge', '-q', '--ff-only', merged.commit);
      expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('edited\n');
    },
    dirty: ' M a.txt',
    refs: ['branch', 'kept'],
  },
  {
    death: after('merge', 'pawl: merge'),
    meanwhile: 'the base moves',
    move: baseMoves(),
    besides: ({ world }, merged) =>
      expect(userGit(world.repository, 'rev-parse', 'main~1')).toBe(merged.commit),
  },
  {
    death: { ...before('merge', 'update-ref --stdin'), nth: 2 },
    meanwhile: 'the base moves, after the record was made and the workspace removed',
    move: baseMoves(),
    besides: ({ world }, merged) =>
      expect(userGit(world.repository, 'rev-parse', 'main~1')).toBe(merged.commit),
  },
  {
    death: after('merge', 'pawl: merge'),
    meanwhile: 'the user takes the merge back',
    move: ({ world }) => void userGit(world.repository, 'reset', '-q', '--hard', world.baseCommit),
  },
  {
    death: before('merge', 'update-ref refs/pawl/'),
    before: edits,
    meanwhile: 'the user commits what was in the way',
    move: ({ world }) => void commitFiles(world.repository, {}),
  },
  {
    death: after('merge', 'update-ref refs/pawl/'),
    before: edits,
    meanwhile: 'the user takes back what was in the way',
    move: ({ world }) => void userGit(world.repository, 'checkout', '-q', '--', 'a.txt'),
  },
  {
    death: after('merge', 'update-ref refs/pawl/'),
    before: edits,
    meanwhile: 'the user commits what was in the way',
    move: ({ world }) => void commitFiles(world.repository, {}),
  },
];

/** The base has moved once already when the merge begins: it is merged into the task's branch. */
const MERGE_OF_THE_BASE: readonly Row[] = [
  {
    death: before('merge', 'read-tree --reset'),
    before: firstMove,
    meanwhile: 'the base moves once more',
    move: baseMoves(),
    besides: isMergeOfNewest,
  },
  {
    death: answerLost('merge'),
    before: firstMove,
    meanwhile: 'the base moves once more',
    move: baseMoves(),
    besides: isMergeOfNewest,
  },
  { death: answerLost('merge'), before: firstMove, meanwhile: 'nothing else happens' },
  {
    death: answerLost('merge'),
    before: firstMove,
    meanwhile: 'the base moves against the change',
    move: baseMoves('new.txt', 'theirs'),
    besides: ({ world: { repository }, attempt }) => {
      expect(attempt).toBe(2);
      expect(userGit(repository, 'show', 'main:new.txt')).toBe('solved');
      expect(userGit(repository, 'show', 'main:first.txt')).toBe('first');
    },
  },
  {
    death: answerLost('merge'),
    before: firstMove,
    meanwhile: 'the move is taken back',
    move: ({ world }) => void userGit(world.repository, 'reset', '-q', '--hard', world.baseCommit),
    besides: isWithoutFirst,
  },
  {
    death: answerLost('merge'),
    before: firstMove,
    meanwhile: 'the move is replaced by another',
    move: (story) => {
      userGit(story.world.repository, 'reset', '-q', '--hard', story.world.baseCommit);
      baseMoves()(story);
    },
    besides: (story) => {
      isWithoutFirst(story);
      expect(userGit(story.world.repository, 'show', 'main:theirs.txt')).toBe('theirs');
    },
  },
  {
    death: answerLost('merge'),
    before: baseMoves('new.txt', 'theirs'),
    meanwhile: 'the move against the change is taken back by another',
    move: ({ world }) => void userGit(world.repository, 'revert', '--no-edit', 'HEAD'),
    besides: ({ attempt }) => expect(attempt).toBe(1),
  },
];

export const ROWS: readonly Row[] = [
  ...COMMIT,
  ...PUSH,
  ...PULL_REQUEST,
  ...MERGE,
  ...MERGE_OF_THE_BASE,
  ...MOVE_OF_THE_BASE,
];
