/** What people have begun in a checkout of `main` and not yet ended, and how they end it. */
import { join } from 'node:path';
import { commitFiles, put, scratchFolder, userGit } from '../../scratch-repository.ts';
import { A_MINE } from './layouts.ts';

export interface State {
  readonly make?: (checkout: string) => void;
  /** Why the files stay; undefined: they follow. */
  readonly kept?: RegExp;
  /** What the person does before the command that was printed. */
  readonly goOn?: (checkout: string) => void;
  /** Whether the branch moves and the files stay as they are, because they are not of that branch. */
  readonly apart?: boolean;
}

export const commitMine = (checkout: string) => void commitFiles(checkout, {}, 'mine');
const failing = (checkout: string, ...args: readonly string[]) => {
  try {
    userGit(checkout, ...args);
  } catch {
    return;
  }
  throw new Error(`expected \`git ${args.join(' ')}\` to stop at a conflict`);
};
const solve = (checkout: string) => {
  put(checkout, { 'a.txt': A_MINE });
  userGit(checkout, 'add', 'a.txt');
};
const REBASE = {
  make: (checkout: string) => failing(checkout, 'rebase', 'other'),
  kept: /^a rebase of main is under way in /,
};

export const UNDER_WAY: Readonly<Record<string, State>> = {
  'a rebase, taken back': { ...REBASE, goOn: (checkout) => void userGit(checkout, 'rebase', '--abort') },
  'a rebase, ended': {
    ...REBASE,
    goOn: (checkout) => {
      solve(checkout);
      userGit(checkout, '-c', 'core.editor=true', 'rebase', '--continue');
    },
  },
  'a rebase by patches': {
    ...REBASE,
    make: (checkout) => failing(checkout, 'rebase', '--apply', 'other'),
    goOn: (checkout) => void userGit(checkout, 'rebase', '--abort'),
  },
  'a rebase that takes the base along': {
    ...REBASE,
    make: (checkout) => {
      userGit(checkout, 'switch', '-q', '-c', 'topic');
      commitFiles(checkout, { 'topic.txt': 'topic' });
      failing(checkout, 'rebase', '--update-refs', 'other');
    },
    goOn: (checkout) => {
      userGit(checkout, 'rebase', '--abort');
      userGit(checkout, 'switch', '-q', 'main');
    },
  },
  'a merge': {
    make: (checkout) => failing(checkout, 'merge', 'other'),
    kept: /^a merge is under way in /,
    goOn: (checkout) => {
      solve(checkout);
      userGit(checkout, 'commit', '-q', '-m', 'merged');
    },
  },
  'a merge without a change': {
    make: (checkout) => void userGit(checkout, 'merge', '-q', '-s', 'ours', '--no-commit', 'other'),
    kept: /^a merge is under way in /,
    goOn: (checkout) => void userGit(checkout, 'commit', '-q', '-m', 'merged'),
  },
  'a cherry-pick': {
    make: (checkout) => failing(checkout, 'cherry-pick', 'other'),
    kept: /^a cherry-pick is under way in /,
    goOn: (checkout) => void userGit(checkout, 'cherry-pick', '--abort'),
  },
  'a revert': {
    make: (checkout) => void userGit(checkout, 'revert', '--no-commit', 'main'),
    kept: /^a revert is under way in /,
    goOn: (checkout) => void userGit(checkout, 'revert', '--abort'),
  },
  'an am': {
    make: (checkout) => {
      const patches = scratchFolder('patches');
      userGit(checkout, 'format-patch', '-q', '-1', '-o', patches, 'other');
      failing(checkout, 'am', '-q', join(patches, '0001-other.patch'));
    },
    kept: /^`git am` or a rebase is under way in /,
    goOn: (checkout) => void userGit(checkout, 'am', '--abort'),
  },
  'a bisect': {
    make: (checkout) => {
      userGit(checkout, 'bisect', 'start', 'main', 'main~5');
    },
    apart: true,
    goOn: (checkout) => void userGit(checkout, 'bisect', 'reset'),
  },
  'a detached HEAD at the base': {
    make: (checkout) => void userGit(checkout, 'switch', '-q', '--detach'),
    apart: true,
    goOn: (checkout) => void userGit(checkout, 'switch', '-q', 'main'),
  },
  'another branch, with changes': {
    make: (checkout) => {
      userGit(checkout, 'switch', '-q', '-c', 'topic');
      put(checkout, { 'a.txt': A_MINE });
    },
    apart: true,
    goOn: (checkout) => {
      commitMine(checkout);
      userGit(checkout, 'switch', '-q', 'main');
    },
  },
};
