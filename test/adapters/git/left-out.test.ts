/** An agent that makes its checkout sparse: what it left out is in its change as it was, and what it removed is gone. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newWorld, put, userGit } from '../scratch-repository.ts';

const FILES = { 'a.txt': 'a\n', 'p/f.txt': 'f\n', 'p/gone.txt': 'gone\n', 'q/é x.txt': 'q\n' };

it.each([
  ['cone', ['sparse-checkout', 'set', 'nothing']],
  ['patterns', ['sparse-checkout', 'set', '--no-cone', '/a.txt']],
  ['sparse index', ['sparse-checkout', 'set', '--cone', '--sparse-index', 'nothing']],
])('%s', async (_, command) => {
  const { workspaces, task } = newWorld(FILES);
  const { path } = await workspaces.prepare(task);
  rmSync(join(path, 'p/gone.txt'));
  userGit(path, 'add', '--all');
  userGit(path, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'without it');
  userGit(path, ...command);
  put(path, { 'new.txt': 'new\n' });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? '';
  const files = userGit(path, '-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', commit);
  expect(files.split('\n')).toEqual(['a.txt', 'new.txt', 'p/f.txt', 'q/é x.txt']);
  expect(userGit(path, 'show', `${commit}:p/f.txt`)).toBe('f');
});

it('an index that nobody can read tells nothing', async () => {
  const { workspaces, task } = newWorld(FILES);
  const { path } = await workspaces.prepare(task);
  userGit(path, 'sparse-checkout', 'set', 'nothing');
  put(path, { '.git/index': 'no index', 'new.txt': 'new\n' });
  const commit = (await workspaces.commit(task, 'work', 'key')) ?? '';
  rmSync(join(path, '.git/index'));
  expect(userGit(path, 'ls-tree', '-r', '--name-only', commit).split('\n')).toEqual(['a.txt', 'new.txt']);
});
