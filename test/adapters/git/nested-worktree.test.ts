import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createWorkspaces } from '../../../src/adapters/git/workspaces.ts';
import {
  commitFiles,
  newPlaces,
  newRepository,
  newTask,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

async function working() {
  const repository = newRepository();
  const workspaces = createWorkspaces(newPlaces());
  const task = newTask(repository);
  const { path, baseCommit } = await workspaces.prepare(task);
  const changed = async () => {
    const commit = (await workspaces.commit(task, 'work', 'key')) ?? expect.fail('nothing was committed');
    const { files, remarks } = await workspaces.diff(task, baseCommit, commit);
    return { names: files.map((file) => file.path), remarks };
  };
  return { path, changed };
}

it('takes the files of a working tree that an agent made inside of its own', async () => {
  const { path, changed } = await working();
  userGit(path, 'worktree', 'add', '-q', '-b', 'side', 'sub');
  commitFiles(`${path}/sub`, { 'committed.txt': 'in\n' });
  put(`${path}/sub`, { 'dirty.txt': 'dirty\n' });
  const { names, remarks } = await changed();
  expect(names).toEqual(expect.arrayContaining(['sub/committed.txt', 'sub/dirty.txt', 'sub/a.txt']));
  expect(remarks).toEqual([]);
});

it.each([
  ['at a new path', 'vendor/lib', ['.gitmodules', 'vendor/lib']],
  ['in the place of a file', 'a.txt', ['.gitmodules', 'a.txt']],
  ['in the place of a folder', 'src', ['.gitmodules', 'src', 'src/b.txt']],
])('takes a submodule that an agent added %s as one, and remarks on it', async (_, at, changes) => {
  const { path, changed } = await working();
  userGit(path, 'rm', '-rq', '--ignore-unmatch', at);
  const library = scratchFolder('library');
  execFileSync('git', ['init', '-q', '-b', 'main', library]);
  commitFiles(library, { 'lib.txt': 'lib\n' });
  userGit(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, at);
  const { names, remarks } = await changed();
  expect([...names].sort()).toEqual(changes);
  expect(remarks).toMatchObject([{ path: at, why: expect.stringMatching('is a submodule') }]);
});
