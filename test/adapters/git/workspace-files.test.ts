/** The files of a workspace: looked at, put back, overlaid, written, compared; never through a link. */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeInside } from '../../../src/adapters/files/without-links.ts';
import { mirrorOf } from '../../../src/adapters/git/mirror.ts';
import {
  commitFiles,
  filesBelow,
  newWorld,
  overlayIn,
  put,
  scratchFolder,
  userGit,
} from '../scratch-repository.ts';

const read = (folder: string, path: string): string => readFileSync(join(folder, path), 'utf8');

describe('snapshot and restore', () => {
  it('sees every file that is not ignored and leaves the index of the agent alone', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    const clean = await workspaces.snapshot(task);
    expect(clean.changedFiles).toEqual([]);
    put(path, { 'new.txt': 'n', 'ignored/x': 'x', 'a.txt': 'changed' });
    rmSync(join(path, 'src/b.txt'));
    userGit(path, 'add', 'new.txt');
    const status = userGit(path, 'status', '--porcelain');
    const { tree, changedFiles } = await workspaces.snapshot(task);
    expect(changedFiles).toEqual(['a.txt', 'new.txt', 'src/b.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe(status);
    expect(userGit(path, 'ls-tree', '--name-only', tree).split('\n')).toEqual([
      '.gitignore',
      'a.txt',
      'new.txt',
    ]);
    expect(await workspaces.snapshot(task)).toEqual({ tree, changedFiles });
  });

  it('puts the worktree back to a tree or a commit, whatever an agent did to it', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'new.txt': 'n', 'ignored/x': 'x' });
    const { tree } = await workspaces.snapshot(task);
    rmSync(join(path, 'src'), { recursive: true });
    put(path, { src: 'a file now', 'a.txt': 'other', 'junk/deep/y': 'y', 'new.txt': 'changed' });
    userGit(path, 'checkout', '-q', '--detach');
    rmSync(join(path, '.git'), { recursive: true });
    userGit(path, 'init', '-q');
    await workspaces.restore(task, tree);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ignored/x', 'new.txt', 'src/b.txt']);
    expect(read(path, 'new.txt')).toBe('n');
    expect(userGit(path, 'symbolic-ref', 'HEAD')).toBe(`refs/heads/pawl/${task.id}`);
    expect((await workspaces.snapshot(task)).tree).toBe(tree);
    await workspaces.restore(task, baseCommit);
    expect(filesBelow(path)).toEqual(['.gitignore', 'a.txt', 'ignored/x', 'src/b.txt']);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });

  it('does not need the files that git of the agent left half-done', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    const gitDir = join(path, '.git');
    put(gitDir, {
      'index.lock': '',
      'HEAD.lock': '',
      MERGE_HEAD: baseCommit,
      index: 'torn',
      HEAD: 'nonsense',
    });
    put(gitDir, { 'rebase-merge/head-name': 'refs/heads/x' });
    put(path, { 'new.txt': 'n' });
    const { changedFiles } = await workspaces.snapshot(task);
    expect(changedFiles).toEqual(['new.txt']);
    await workspaces.restore(task, baseCommit);
    expect(userGit(path, 'status').split('\n')[0]).toBe(`On branch pawl/${task.id}`);
    expect(userGit(path, 'status', '--porcelain')).toBe('');
  });

  it('starts a new index when its own is torn', async () => {
    const { workspaces, task, places, repository } = newWorld();
    const { path } = await workspaces.prepare(task);
    const index = join(mirrorOf(places.mirrors, repository), 'pawl', task.id, 'index');
    rmSync(index);
    writeFileSync(index, 'DIRC torn');
    put(path, { 'new.txt': 'n' });
    expect((await workspaces.snapshot(task)).changedFiles).toEqual(['new.txt']);
  });

  it('sees a change of the same size within the same second', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    for (const text of ['aaa', 'bbb', 'ccc', 'ddd']) {
      put(path, { 'a.txt': text });
      const { tree } = await workspaces.snapshot(task);
      expect(userGit(path, 'show', `${tree}:a.txt`)).toBe(text);
    }
  });
});

describe('files', () => {
  it('reads files of a commit and never follows a link', async () => {
    const { repository, workspaces, task } = newWorld();
    symlinkSync('/etc/passwd', join(repository, 'link'));
    symlinkSync('src', join(repository, 'folder-link'));
    const commit = commitFiles(repository, { 'pawl.yaml': 'checks: []\n' });
    await workspaces.prepare(task);
    expect(await workspaces.fileAt(task, commit, 'pawl.yaml')).toBe('checks: []\n');
    for (const path of ['none', 'link', 'src', 'folder-link/b.txt', 'a.txt/x']) {
      expect(await workspaces.fileAt(task, commit, path)).toBeUndefined();
    }
    for (const path of ['../a.txt', '/etc/passwd', '', 'src/../a.txt', '.git/config', 'a\0b']) {
      await expect(workspaces.fileAt(task, commit, path)).rejects.toMatchObject({ code: 'invalid_input' });
    }
    await expect(workspaces.fileAt(task, '--help', 'a.txt')).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('overlays files of the base, also where links and folders are in the way', async () => {
    const world = newWorld({
      'test/x.test.js': 'base',
      'test/y.test.js': 'base',
      'c.test.js': 'base',
      'd.test.js': 'base',
      'kept.js': 'base',
    });
    const { workspaces, task, baseCommit } = world;
    const { path } = await workspaces.prepare(task);
    const outside = scratchFolder('outside');
    put(outside, { 'x.test.js': 'outside', 'new.test.js': 'outside' });
    rmSync(join(path, 'test'), { recursive: true });
    symlinkSync(outside, join(path, 'test'));
    rmSync(join(path, 'c.test.js'));
    mkdirSync(join(path, 'c.test.js/deep'), { recursive: true });
    put(path, { 'c.test.js/deep/z': 'z', 'added.test.js': 'agent', 'kept.js': 'agent', 'build/out': 'o' });
    rmSync(join(path, 'd.test.js'));
    linkSync(join(outside, 'x.test.js'), join(path, 'd.test.js'));
    const paths = [
      'test/x.test.js',
      'test/y.test.js',
      'c.test.js',
      'd.test.js',
      'added.test.js',
      'test/new.test.js',
    ];
    await overlayIn(world, baseCommit, paths);
    expect(lstatSync(join(path, 'test')).isDirectory()).toBe(true);
    for (const one of paths.slice(0, 4)) expect(read(path, one)).toBe('base');
    expect(existsSync(join(path, 'added.test.js'))).toBe(false);
    expect(read(path, 'kept.js')).toBe('agent');
    expect(read(path, 'build/out')).toBe('o');
    expect(filesBelow(outside)).toEqual(['new.test.js', 'x.test.js']);
    expect(read(outside, 'x.test.js')).toBe('outside');
  });

  it('writes one file, never through a link and never outside', async () => {
    const { workspaces, task } = newWorld();
    const { path } = await workspaces.prepare(task);
    const outside = scratchFolder('outside');
    put(outside, { 'package.json': 'outside' });
    symlinkSync(join(outside, 'package.json'), join(path, 'package.json'));
    symlinkSync(outside, join(path, 'sub'));
    mkdirSync(join(path, 'dir.json/x'), { recursive: true });
    for (const name of ['package.json', 'sub/package.json', 'dir.json', 'deep/new/f.json', 'a.txt/f.json']) {
      await writeInside(path, name, 'inside');
      expect(read(path, name)).toBe('inside');
    }
    expect(lstatSync(join(path, 'sub')).isDirectory()).toBe(true);
    expect(filesBelow(outside)).toEqual(['package.json']);
    expect(read(outside, 'package.json')).toBe('outside');
    for (const wrong of ['../x', '/x', '.git', '.git/config', '.GIT/config', 'a/../../x', 'a//b', './a']) {
      await expect(writeInside(path, wrong, 'x')).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });

  it('tells what differs: patch, names and numbers', async () => {
    const { workspaces, task, baseCommit } = newWorld();
    const { path } = await workspaces.prepare(task);
    put(path, { 'a.txt': 'one\n2\nthree\nfour\n', 'new.bin': Buffer.from([0, 1, 2, 255]), '-dash': 'd\n' });
    rmSync(join(path, 'src/b.txt'));
    const commit = (await workspaces.commit(task, 'x', 'k/1/commit')) ?? '';
    const diff = await workspaces.diff(task, baseCommit, commit);
    expect(diff.files).toEqual([
      { path: '-dash', status: 'added' },
      { path: 'a.txt', status: 'modified' },
      { path: 'new.bin', status: 'added' },
      { path: 'src/b.txt', status: 'deleted' },
    ]);
    expect(diff).toMatchObject({ insertions: 3, deletions: 2 });
    expect(diff.patch.toString()).toContain('+2\n');
    expect(await workspaces.diff(task, commit, commit)).toEqual({
      change: expect.stringMatching(/^sha256:/),
      patch: Buffer.alloc(0),
      remarks: [],
      files: [],
      insertions: 0,
      deletions: 0,
    });
  });
});
