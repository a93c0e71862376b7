/** Objects that stand in for others (`git replace`, grafts): whoever made them, what is looked at and merged is what there is. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, newWorld, put, ready, userGit } from '../scratch-repository.ts';

describe('an agent that replaces objects', () => {
  it('hides nothing of its change from review, the merge, or a person in its workspace', async () => {
    const world = newWorld();
    const { workspaces, task, repository, baseCommit, forge } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'hidden\n', 'new.txt': 'new\n' });
    const commit = (await workspaces.commit(task, 'work', 'k/1/commit')) ?? '';
    const blobOf = (treeish: string) => userGit(path, 'rev-parse', `${treeish}:a.txt`);
    userGit(path, 'replace', blobOf(commit), blobOf(baseCommit));
    userGit(path, 'replace', `${commit}^{tree}`, `${baseCommit}^{tree}`);
    userGit(path, 'pack-refs', '--all');
    const { files, patch } = await workspaces.diff(task, baseCommit, commit);
    expect(files.map((file) => file.path)).toEqual(['a.txt', 'new.txt']);
    expect(patch.toString()).toContain('+hidden');
    // As before the next program, whoever starts it.
    await workspaces.restore(task, commit);
    expect(userGit(path, 'show', '--name-only', '--format=', commit)).toBe('a.txt\nnew.txt');
    expect(userGit(path, 'show', `${commit}:a.txt`)).toBe('hidden');
    await forge.push(task, commit);
    const { number } = await forge.ensurePullRequest({ task, key: 'k', commit, title: 'Do it', body: '' });
    await forge.merge({ task, key: 'k', number, commit, baseCommit });
    expect(userGit(repository, 'show', 'main:a.txt')).toBe('hidden');
    expect(userGit(repository, 'for-each-ref', 'refs/replace')).toBe('');
  });

  it('hides nothing from a check by what it left in the folder of git', async () => {
    const world = newWorld();
    const { workspaces, checkSpaces, task, places, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'hidden\n' });
    const commit = (await workspaces.commit(task, 'work', 'k/1/commit')) ?? '';
    await checkSpaces.renew(task, commit);
    const space = join(places.checks, `${task.id}-check`);
    const blobs = [commit, baseCommit].map((one) => userGit(space, 'rev-parse', `${one}:a.txt`));
    userGit(space, 'replace', ...blobs);
    expect(userGit(space, 'show', 'HEAD:a.txt')).toBe('hidden');
    expect(userGit(space, 'diff', '--name-only', 'main...HEAD')).toBe('a.txt');
  });
});

describe('a repository in which a person has replaced objects', () => {
  it.each([
    [
      'a file',
      (repository: string) =>
        void userGit(
          repository,
          'replace',
          ...['main:a.txt', 'main:src/b.txt'].map((one) => userGit(repository, 'rev-parse', one)),
        ),
    ],
    ['a commit', (repository: string) => void userGit(repository, 'replace', '--graft', 'main')],
    [
      'the parents of a commit, in the old way',
      (repository: string) =>
        put(repository, { '.git/info/grafts': `${userGit(repository, 'rev-parse', 'main')}\n` }),
    ],
  ])('%s, gets the change on what there is', async (_, replace) => {
    const world = newWorld();
    const { repository, forge, workspaces, task, places } = world;
    commitFiles(repository, { 'more.txt': 'more' });
    replace(repository);
    const { merge } = await ready(world);
    const { commit, baseCommit } = merge;
    expect((await workspaces.diff(task, baseCommit, commit)).files).toEqual([
      { path: 'new.txt', status: 'added' },
    ]);
    // All that they stand on is in the engine's copy.
    expect(userGit(mirrorOf(places.mirrors, repository), 'rev-list', '--count', commit)).toBe('3');
    expect(await forge.merge(merge)).toMatchObject({ kind: 'merged' });
    expect(
      userGit(repository, '--no-replace-objects', 'ls-tree', '-r', '--name-only', 'main').split('\n'),
    ).toEqual(['.gitignore', 'a.txt', 'more.txt', 'new.txt', 'src/b.txt']);
    expect(userGit(repository, '--no-replace-objects', 'show', 'main:a.txt')).toBe('one\ntwo\nthree');
  });
});
