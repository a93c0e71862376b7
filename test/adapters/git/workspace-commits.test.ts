/** The engine's commits on a task's branch, whatever the agent did there, and newer bases merged into it. */
import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, filesBelow, newWorld, put, userGit } from '../scratch-repository.ts';

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('commit', () => {
  it('commits everything that is not ignored once per key', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    expect(await workspaces.commit(task, 'nothing', 'k/1/commit')).toBeUndefined();
    put(path, { 'new.txt': 'n', 'ignored/x': 'x' });
    const commit = await workspaces.commit(task, 'Title\n\nwith NUL \0 and more', `${task.id}/1/commit`);
    expect(userGit(path, 'log', '-1', '--format=%P|%cn <%ce>|%s')).toBe(
      `${baseCommit}|Pawl <pawl@localhost>|Title`,
    );
    expect(userGit(path, 'log', '-1', '--format=%(trailers:key=Pawl-Effect,valueonly)').trim()).toBe(
      `${task.id}/1/commit`,
    );
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(commit);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    put(path, { 'late.txt': 'after the commit' });
    expect(await workspaces.commit(task, 'again', `${task.id}/1/commit`)).toBe(commit);
    const second = await workspaces.commit(task, 'more', `${task.id}/2/commit`);
    expect(userGit(path, 'rev-list', '--first-parent', 'HEAD').split('\n')).toEqual([
      second,
      commit,
      baseCommit,
    ]);
    expect(await workspaces.head(task)).toBe(second);
  });

  it('has nothing to commit when all was taken back', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'x' });
    await workspaces.commit(task, 'one', 'k/1/commit');
    put(path, { 'a.txt': 'one\ntwo\nthree\n' });
    expect(await workspaces.commit(task, 'two', 'k/2/commit')).toBeUndefined();
  });

  it('keeps commits that the agent made on the branch', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    const own = commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'rev-list', 'HEAD').split('\n')).toEqual([commit, own, baseCommit]);
    expect(userGit(path, 'show', '--format=', '--name-only', 'HEAD')).toBe('');
  });

  it.each([
    ['on another branch', (path: string) => userGit(path, 'checkout', '-q', '-b', 'elsewhere')],
    ['on a detached HEAD', (path: string) => userGit(path, 'checkout', '-q', '--detach')],
    ['on another history', (path: string) => userGit(path, 'checkout', '-q', '--orphan', 'other')],
    [
      'on a branch that it moved',
      (path: string) =>
        userGit(path, 'update-ref', 'HEAD', userGit(path, 'commit-tree', 'HEAD^{tree}', '-m', 'x')),
    ],
    [
      'with no branch at all',
      (path: string, task: string) => {
        userGit(path, 'checkout', '-q', '--detach');
        userGit(path, 'branch', '-D', `pawl/${task}`);
      },
    ],
  ])('takes the files as they are when the agent works %s', async (_, leave) => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    leave(path, task.id);
    commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    put(path, { 'left.txt': 'not committed' });
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(baseCommit);
    expect(userGit(path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(commit);
    const { files } = await workspaces.diff(task, baseCommit, commit ?? '');
    expect(files.map((file) => file.path)).toEqual(['left.txt', 'own.txt']);
  });

  it('takes the files of repositories that the agent made inside, and nothing they ignore', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'app/index.js': 'x', 'app/.gitignore': 'node_modules\n', 'app/node_modules/y': 'y' });
    put(path, { 'app/ignored/z': 'z', 'empty/file': 'e', 'app/lib/inner/deep': 'd', 'plain.txt': 'p' });
    for (const folder of ['app', 'empty', 'app/lib/inner']) userGit(join(path, folder), 'init', '-q');
    commitFiles(join(path, 'app/lib/inner'), {});
    commitFiles(join(path, 'app'), {});
    put(path, { 'app/later.js': 'not committed there' });
    const before = await workspaces.snapshot(task);
    const commit = await workspaces.commit(task, 'all', 'k/1/commit');
    const { files } = await workspaces.diff(task, baseCommit, commit ?? '');
    const names = [
      'app/.gitignore',
      'app/index.js',
      'app/later.js',
      'app/lib/inner/deep',
      'empty/file',
      'plain.txt',
    ];
    expect(files.map((file) => file.path)).toEqual(names);
    expect([...before.changedFiles].sort()).toEqual(names);
    expect((await workspaces.snapshot(task)).tree).toBe(before.tree);
    await workspaces.restore(task, commit ?? '');
    expect((await workspaces.snapshot(task)).tree).toBe(before.tree);
  });

  it('finds its commit again when it was killed between moving the branch and noting it', async () => {
    const { workspaces, task, places, repository, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'one', 'k/1/commit');
    userGit(mirrorOf(places.mirrors, repository), 'update-ref', `refs/pawl/tip/${task.id}`, baseCommit);
    expect(await workspaces.commit(task, 'one', 'k/1/commit')).toBe(commit);
    expect(await workspaces.head(task)).toBe(commit);
  });

  it('goes on where a killed git left refs locked', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const mirror = mirrorOf(places.mirrors, repository);
    const stale = [`refs/heads/pawl/${task.id}.lock`, `refs/pawl/tip/${task.id}.lock`, 'packed-refs.lock'];
    for (const name of stale) {
      put(mirror, { [name]: '' });
      utimesSync(join(mirror, name), 1, 1);
    }
    put(path, { 'new.txt': 'n' });
    expect(await workspaces.commit(task, 'one', 'k/1/commit')).toMatch(/^[0-9a-f]{40}$/);
    put(mirror, { 'packed-refs.lock': '' });
    utimesSync(join(mirror, 'packed-refs.lock'), 1, 1);
    await workspaces.remove(task);
    expect(await workspaces.exists(task)).toBe(false);
  });

  it('does not take a key in the base commit for its own', async () => {
    const { workspaces, task, repository } = newWorld();
    const key = `${task.id}/1/commit`;
    userGit(
      repository,
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      `old\n\nPawl-Task: ${task.id}\nPawl-Effect: ${key}`,
    );
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'one', key);
    expect(userGit(path, 'show', `${commit}:new.txt`)).toBe('n');
  });
});

describe('mergeBase', () => {
  const diverged = async (
    theirs: Readonly<Record<string, string>>,
    ours: Readonly<Record<string, string>>,
  ) => {
    const world = newWorld();
    const { workspaces, task, repository } = world;
    const { path } = await workspaces.prepare(task);
    put(path, ours);
    const head = (await workspaces.commit(task, 'ours', 'k/1/commit')) ?? '';
    const base = commitFiles(repository, theirs);
    return { ...world, path, head, base };
  };

  it('merges a newer base into branch and worktree, the same way every time', async () => {
    const { workspaces, task, path, head, base, baseCommit } = await diverged(
      { 'theirs.txt': 't' },
      { 'ours.txt': 'o' },
    );
    put(path, { 'left-over.txt': 'of a check' });
    const merged = await workspaces.mergeBase(task, head, baseCommit, base);
    if (merged.kind !== 'merged') throw new Error('expected a merge');
    expect(userGit(path, 'log', '-1', '--format=%P', merged.commit)).toBe(`${head} ${base}`);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ours.txt', 'src/b.txt', 'theirs.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    expect(await workspaces.head(task)).toBe(merged.commit);
    rmSync(join(path, 'theirs.txt'));
    expect(await workspaces.mergeBase(task, head, baseCommit, base)).toEqual(merged);
    expect(existsSync(join(path, 'theirs.txt'))).toBe(true);
  });

  it('leaves markers on a conflict, commits nothing, and makes the next commit the merge', async () => {
    const conflict = { 'a.txt': 'theirs\n', 'more.txt': 'm' };
    const { workspaces, task, path, head, base, baseCommit } = await diverged(conflict, {
      'a.txt': 'ours\n',
    });
    expect(await workspaces.mergeBase(task, head, baseCommit, base)).toMatchObject({
      kind: 'conflict',
      files: ['a.txt'],
    });
    expect(read(path, 'a.txt')).toBe(`<<<<<<< ${base}\ntheirs\n=======\nours\n>>>>>>> ${head}\n`);
    expect(await workspaces.head(task)).toBe(head);
    const unsolved = { name: 'UnsolvedConflict', files: ['a.txt'] };
    await expect(workspaces.commit(task, 'nothing done', 'k/2/commit')).rejects.toMatchObject(unsolved);
    expect(await workspaces.mergeBase(task, head, baseCommit, base)).toMatchObject({
      kind: 'conflict',
      files: ['a.txt'],
    });
    put(path, { 'a.txt': 'both\n' });
    const { tree } = await workspaces.snapshot(task);
    await workspaces.restore(task, tree);
    const commit = await workspaces.commit(task, 'solved', 'k/3/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(`${head} ${base}`);
    expect(userGit(path, 'show', `${commit}:more.txt`)).toBe('m');
    put(path, { 'next.txt': 'x' });
    const next = await workspaces.commit(task, 'next', 'k/4/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', next ?? '')).toBe(commit);
  });

  it('forgets an unsolved conflict when the worktree goes back to a commit', async () => {
    const { workspaces, task, path, head, base, baseCommit } = await diverged(
      { 'a.txt': 't\n' },
      { 'a.txt': 'o\n' },
    );
    await workspaces.mergeBase(task, head, baseCommit, base);
    await workspaces.restore(task, head);
    put(path, { 'other.txt': 'x' });
    const commit = await workspaces.commit(task, 'other', 'k/2/commit');
    expect(userGit(path, 'log', '-1', '--format=%P', commit ?? '')).toBe(head);
  });

  it('refuses a head that is not the branch, and histories without a common past', async () => {
    const { workspaces, task, head, base, baseCommit, repository } = await diverged({ x: 'x' }, { y: 'y' });
    await expect(workspaces.mergeBase(task, baseCommit, baseCommit, base)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(workspaces.mergeBase(task, head, baseCommit, 'HEAD')).rejects.toMatchObject({
      code: 'invalid_input',
    });
    userGit(repository, 'checkout', '-q', '--orphan', 'fresh');
    const alien = commitFiles(repository, { z: 'z' });
    await expect(workspaces.mergeBase(task, head, alien, alien)).rejects.toThrow(/no common past/);
  });
});
