/** A workspace is a repository of its own: what one task's git does no other sees, nor the engine's index. */
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import { commitFiles, newTask, newWorld, put, userGit } from '../scratch-repository.ts';

/** Two tasks of one repository. */
async function twoTasks() {
  const world = newWorld();
  const other = newTask(world.repository);
  const [one, two] = await Promise.all([
    world.workspaces.prepare(world.task),
    world.workspaces.prepare(other),
  ]);
  return { ...world, other, one: one.path, two: two.path };
}

const refsIn = (path: string): string => userGit(path, 'for-each-ref', '--format=%(refname) %(objectname)');

describe('two workspaces of one repository', () => {
  it.each([
    [
      'a stash',
      (path: string) => {
        put(path, { 's.txt': 's' });
        userGit(path, 'stash', '--include-untracked', '-q');
      },
    ],
    [
      'a branch',
      (path: string) => {
        userGit(path, 'checkout', '-q', '-b', 'fix/login');
        commitFiles(path, { 'login.txt': 'fixed' });
        userGit(path, 'checkout', '-q', '-');
      },
    ],
    ['a tag', (path: string) => userGit(path, 'tag', '-a', 'v9', '-m', 'nine')],
    ['settings', (path: string) => userGit(path, 'config', 'user.name', 'agent one')],
    ['a remote', (path: string) => userGit(path, 'remote', 'add', 'other', '/nowhere')],
    ['a hook', (path: string) => put(path, { '.git/hooks/pre-commit': '#!/bin/sh\nexit 1\n' })],
    ['ignored paths', (path: string) => put(path, { '.git/info/exclude': '*\n' })],
    ['a commit of its own', (path: string) => commitFiles(path, { 'own.txt': 'o' })],
    ['other objects', (path: string) => put(path, { '.git/objects/info/alternates': '/nowhere\n' })],
  ])('do not share %s', async (_, act) => {
    const { workspaces, task, other, one, two, repository, places } = await twoTasks();
    const before = [refsIn(two), readFileSync(join(two, '.git/config'), 'utf8')];
    const inMirror = refsIn(mirrorOf(places.mirrors, repository));
    act(one);
    expect([refsIn(two), readFileSync(join(two, '.git/config'), 'utf8')]).toEqual(before);
    expect(refsIn(mirrorOf(places.mirrors, repository))).toBe(inMirror);
    act(two);
    put(two, { 'mine.txt': 'm' });
    const commit = (await workspaces.commit(other, 'mine', `${other.id}/1/commit`)) ?? '';
    const { files } = await workspaces.changes(other, await workspaces.head(task), commit);
    expect(files.map(({ path }) => path).filter((path) => path !== 'own.txt')).toEqual(['mine.txt']);
  });
});

describe('the index of the agent', () => {
  it('is a file of its own, which decides nothing about what the engine sees', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const own = join(mirrorOf(places.mirrors, repository), 'pawl', task.id, 'index');
    expect(statSync(join(path, '.git/index')).ino).not.toBe(statSync(own).ino);
    userGit(path, 'update-index', '--skip-worktree', 'a.txt');
    // In place, as no git does and a program may.
    const marked = readFileSync(join(path, '.git/index'));
    await workspaces.restore(task, await workspaces.head(task));
    writeFileSync(join(path, '.git/index'), marked);
    put(path, { 'a.txt': 'changed' });
    const { tree, changedFiles } = await workspaces.snapshot(task);
    expect(changedFiles).toEqual(['a.txt']);
    expect(userGit(path, 'show', `${tree}:a.txt`)).toBe('changed');
  });

  it('is told of changes of the same size within the same second', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    for (const text of ['One\ntwo\nthree\n', 'oNe\ntwo\nthree\n', 'onE\ntwo\nthree\n']) {
      put(path, { 'a.txt': text });
      expect(userGit(path, 'status', '--porcelain').trim()).toBe('M a.txt');
      await workspaces.restore(task, await workspaces.head(task));
      expect(userGit(path, 'status', '--porcelain')).toBe('');
    }
  });
});

describe('a worktree that an engine before this one has linked to the mirror', () => {
  async function linked() {
    const world = newWorld();
    const { workspaces, task, places, repository, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    const mirror = mirrorOf(places.mirrors, repository);
    const admin = join(mirror, 'worktrees', task.id);
    rmSync(join(path, '.git'), { recursive: true });
    put(path, { '.git': `gitdir: ${admin}\n` });
    put(admin, {
      HEAD: `ref: refs/heads/pawl/${task.id}\n`,
      commondir: '../..\n',
      gitdir: `${join(path, '.git')}\n`,
    });
    linkSync(join(mirror, 'pawl', task.id, 'index'), join(admin, 'index'));
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(baseCommit);
    return { ...world, path, mirror };
  }

  it('goes on: its commits count, and it becomes a repository of its own', async () => {
    const { workspaces, task, path, mirror, baseCommit } = await linked();
    const own = commitFiles(path, { 'own.txt': 'o' }, 'by the agent');
    put(path, { 'left.txt': 'l' });
    expect((await workspaces.snapshot(task)).changedFiles).toEqual(['left.txt', 'own.txt']);
    const commit = await workspaces.commit(task, 'all', `${task.id}/1/commit`);
    expect(userGit(path, 'rev-list', 'HEAD').split('\n')).toEqual([commit, own, baseCommit]);
    expect(statSync(join(path, '.git')).isDirectory()).toBe(true);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    expect(() => statSync(join(mirror, 'worktrees', task.id))).toThrow();
    put(path, { 'more.txt': 'm' });
    const next = await workspaces.commit(task, 'more', `${task.id}/2/commit`);
    expect(userGit(path, 'log', '-1', '--format=%P')).toBe(commit);
    expect(userGit(path, 'rev-parse', 'HEAD')).toBe(next);
  });

  it('goes on where its commit was made and its engine ended before it was told', async () => {
    const { workspaces, task, path } = await linked();
    put(path, { 'new.txt': 'n' });
    const key = `${task.id}/1/commit`;
    const commit = await workspaces.commit(task, 'one', key);
    expect(await workspaces.commit(task, 'one', key)).toBe(commit);
    await workspaces.restore(task, commit ?? '');
    expect(userGit(path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
  });

  it('is removed with all that was kept of it', async () => {
    const { workspaces, task, path, mirror } = await linked();
    await workspaces.remove(task);
    expect(() => statSync(path)).toThrow();
    expect(() => statSync(join(mirror, 'worktrees', task.id))).toThrow();
    expect(userGit(mirror, 'for-each-ref', '--format=%(refname)')).toBe('refs/pawl/fetched/main');
  });
});

it('what an agent made read-only is written to all the same', async () => {
  const { workspaces, task } = newWorld();
  const { path } = await workspaces.prepare(task);
  const folders = ['refs/heads/pawl', 'refs/heads', 'refs', 'objects/info', 'objects'];
  for (const one of folders) mkdirSync(join(path, '.git', one), { recursive: true });
  for (const one of folders) chmodSync(join(path, '.git', one), 0o500);
  put(path, { 'new.txt': 'n' });
  const commit = await workspaces.commit(task, 'x', `${task.id}/1/commit`);
  expect(userGit(path, 'rev-parse', 'HEAD')).toBe(commit);
  for (const one of folders) expect(statSync(join(path, '.git', one)).mode & 0o700).toBe(0o700);
});

describe('what is in the way', () => {
  it.each([
    ['a file', (path: string) => writeFileSync(join(path, '.git'), 'gitdir: /nowhere\n')],
    ['a link', (path: string) => symlinkSync('/nowhere', join(path, '.git'))],
    ['nothing', () => undefined],
    ['another repository', (path: string) => userGit(path, 'init', '-q', '-b', 'other')],
    ['an empty folder', (path: string) => put(path, { '.git/x': '' })],
  ])('%s where the repository was is replaced', async (_, plant) => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    rmSync(join(path, '.git'), { recursive: true });
    plant(path);
    put(path, { 'new.txt': 'n' });
    const commit = await workspaces.commit(task, 'x', `${task.id}/1/commit`);
    expect(userGit(path, 'log', '-1', '--format=%H %P')).toBe(`${commit} ${baseCommit}`);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    userGit(path, 'fsck', '--strict');
  });
});
