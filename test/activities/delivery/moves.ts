/** What a user does to their repository while a task is delivered, and what must be true of it afterwards. */
import { expect } from 'vitest';
import { commitFiles, put, scratchFolder, userGit } from '../../adapters/scratch-repository.ts';
import type { Story } from './story.ts';

export const branch = ({ world }: Story): string => `pawl/${world.task.id}`;
export const baseMoves =
  (file = 'theirs.txt', text = 'theirs') =>
  ({ world }: Story): void => {
    commitFiles(world.repository, { [file]: text });
  };
/** Moves the base as a push from elsewhere does: without the files that are checked out. */
export const basePushed = ({ world: { repository } }: Story): void => {
  const elsewhere = scratchFolder('elsewhere');
  userGit(elsewhere, 'clone', '-q', repository, '.');
  const pushed = commitFiles(elsewhere, { 'a.txt': 'pushed\n', 'pushed.txt': 'pushed' });
  userGit(repository, 'fetch', '-q', elsewhere, 'main');
  userGit(repository, 'update-ref', 'refs/heads/main', pushed);
};
export const workOnBranch = (story: Story, file = 'on-branch.txt'): void => {
  const { repository } = story.world;
  userGit(repository, 'checkout', '-q', branch(story));
  commitFiles(repository, { [file]: 'mine' });
  userGit(repository, 'checkout', '-q', 'main');
};
export const hasBranchWork = (story: Story): void => {
  expect(userGit(story.world.repository, 'show', `${branch(story)}:on-branch.txt`)).toBe('mine');
};
export const hasMergedBranchWork = (story: Story): void => {
  expect(userGit(story.world.repository, 'show', 'main:on-branch.txt')).toBe('mine');
};
export const edits = ({ world }: Story): void => put(world.repository, { 'a.txt': 'edited\n' });

export const firstMove = baseMoves('first.txt', 'first');

/** The newest base is merged into what the agent made, not into an earlier merge that nobody has seen. */
export function isMergeOfNewest({ world: { repository } }: Story): void {
  const [base, , merge] = userGit(repository, 'rev-list', '--parents', '-1', 'main')
    .split(' ')
    .slice(1)
    .concat('');
  expect(merge).toBe('');
  const joined = userGit(repository, 'rev-parse', 'main^2');
  expect(userGit(repository, 'log', '-1', '--format=%s', `${joined}^1`)).toBe('Do the work');
  expect(userGit(repository, 'rev-parse', `${joined}^2`)).toBe(base);
}

export function isWithoutFirst({ world: { repository } }: Story): void {
  expect(userGit(repository, 'ls-tree', '-r', '--name-only', 'main')).not.toContain('first.txt');
}
