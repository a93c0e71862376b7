/** What a skill is compared with: the branch from which its execution began, under its name. */
import { expect, it } from 'vitest';
import { commitFiles, newTask, newWorld, userGit } from '../scratch-repository.ts';

it('the workspace of a skill shows besides its base where the execution began', async () => {
  const { repository, workspaces } = newWorld();
  const commit = userGit(repository, 'rev-parse', 'main');
  userGit(repository, 'checkout', '-q', '-b', 'pawl/x_some');
  commitFiles(repository, { 'done-before.txt': 'd' });
  userGit(repository, 'checkout', '-q', 'main');
  commitFiles(repository, { 'moved-since.txt': 'm' });
  const task = { ...newTask(repository, 'pawl/x_some'), trunk: { branch: 'main', commit } };
  const { path } = await workspaces.prepare(task);
  for (const trunk of ['main', 'origin/main']) {
    expect(userGit(path, 'rev-parse', trunk)).toBe(commit);
    expect(userGit(path, 'diff', '--name-only', `${trunk}...HEAD`)).toBe('done-before.txt');
  }
  userGit(path, 'fsck', '--strict');
  // What its repository has nothing of is not named in it.
  const other = { ...newTask(repository), trunk: { branch: 'gone', commit: '1'.repeat(40) } };
  const { path: without } = await workspaces.prepare(other);
  expect(userGit(without, 'branch', '--all', '--format=%(refname:short)').split('\n').sort()).toEqual(
    ['main', 'origin/main', `pawl/${other.id}`].sort(),
  );
});
