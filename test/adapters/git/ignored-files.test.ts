/** Files that are ignored belong to the work as the agent's own commits say. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import { newPlaces, newRepository, newTask, put, userGit } from '../scratch-repository.ts';

async function working(files: Readonly<Record<string, string>>) {
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(newRepository({ 'a.txt': 'a\n', ...files }));
  const { path, baseCommit } = await workspaces.prepare(task);
  let count = 0;
  const commit = async () => {
    count += 1;
    return (await workspaces.commit(task, 'work', `key-${count}`)) ?? expect.fail('nothing was committed');
  };
  const namesIn = (oid: string) => userGit(path, 'ls-tree', '-r', '--name-only', oid).split('\n');
  const byAgent = (...args: readonly string[]) => {
    userGit(path, ...args);
    userGit(path, 'commit', '-q', '--allow-empty', '-m', 'by the agent');
  };
  return { workspaces, task, path, baseCommit, commit, namesIn, byAgent };
}

it('what the agent has stopped to track stays out, also of the next commit, and stays a file', async () => {
  const { commit, namesIn, byAgent, path, workspaces, task } = await working({
    '.env': 'x\n',
    'dist/t': 't\n',
  });
  put(path, { '.gitignore': '.env\ndist/\n' });
  userGit(path, 'rm', '-rq', '--cached', '.env', 'dist');
  byAgent('add', '.gitignore');
  const first = await commit();
  expect(namesIn(first)).toEqual(['.gitignore', 'a.txt']);
  await workspaces.restore(task, first);
  expect(readFileSync(join(path, '.env'), 'utf8')).toBe('x\n');
  put(path, { 'more.txt': 'more\n' });
  expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'more.txt']);
});

it('what the agent has added by force is in the commit, as it is now, and in the next', async () => {
  const { commit, namesIn, byAgent, path } = await working({ '.gitignore': 'dist/\n' });
  put(path, { 'dist/n': 'then\n', 'dist/other': 'other\n' });
  byAgent('add', '-f', 'dist/n');
  put(path, { 'dist/n': 'now\n', 'k.txt': 'k\n' });
  const first = await commit();
  expect(namesIn(first)).toEqual(['.gitignore', 'a.txt', 'dist/n', 'k.txt']);
  expect(userGit(path, 'show', `${first}:dist/n`)).toBe('now');
  put(path, { 'dist/n': 'later\n' });
  expect(userGit(path, 'show', `${await commit()}:dist/n`)).toBe('later');
});

it('what it has added so and removed since is in neither', async () => {
  const { commit, namesIn, byAgent, path } = await working({ '.gitignore': 'dist/\n' });
  put(path, { 'dist/n': 'n\n', 'k.txt': 'k\n' });
  byAgent('add', '-f', 'dist/n');
  rmSync(join(path, 'dist'), { recursive: true });
  expect(namesIn(await commit())).toEqual(['.gitignore', 'a.txt', 'k.txt']);
  mkdirSync(join(path, 'dist'));
});

it('what it did to files that nothing ignores is seen in the files', async () => {
  const { commit, namesIn, byAgent, path } = await working({ 'b.txt': 'b\n' });
  byAgent('rm', '-q', '--cached', 'b.txt');
  put(path, { 'k.txt': 'k\n' });
  expect(namesIn(await commit())).toEqual(['a.txt', 'b.txt', 'k.txt']);
});
